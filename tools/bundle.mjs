// The command in few files, for the sake of its start: some four hundred modules load in a tenth of the time. What was
// bundled from which state of which source is written beside it, so that a changed source is never overlooked.
// Plain JavaScript without dependencies at load time: the launcher asks `isFresh` at every start.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'dist')
const currentFile = join(folder, 'current.json')
const day = 86_400_000

const state = (path) => {
  // Called for some four hundred files at every start: no more than is needed.
  const { size, mtimeMs } = statSync(root + path)
  return `${size} ${mtimeMs}`
}

/** The bundle's entry, if there is one that was made from the sources as they are now. */
export function freshBundle() {
  try {
    const { name, inputs } = JSON.parse(readFileSync(currentFile, 'utf8'))
    const fresh = Object.entries(inputs).every(([path, then]) => state(path) === then)
    return fresh ? join(folder, name, 'main.js') : undefined
  } catch {
    return undefined
  }
}

/** Makes the bundle in a folder of its own: a command that runs from an older one still finds its files. */
export async function makeBundle() {
  const { build } = await import('esbuild')
  const name = `${Date.now().toString(36)}-${process.pid}`
  mkdirSync(folder, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['apps/cli/src/main.ts'],
    outdir: join(folder, name),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['undici'],
    metafile: true,
    logLevel: 'silent',
  })
  const inputs = Object.fromEntries(Object.keys(metafile.inputs).map((path) => [path, state(path)]))
  const making = `${currentFile}.${process.pid}`
  writeFileSync(making, JSON.stringify({ name, inputs }))
  renameSync(making, currentFile)
  for (const other of readdirSync(folder)) {
    const path = join(folder, other)
    if (other !== name && path !== currentFile && statSync(path).mtimeMs < Date.now() - day)
      rmSync(path, { recursive: true, force: true })
  }
}
