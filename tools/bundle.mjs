// The command in few files, for the sake of its start: some four hundred modules load in a tenth of the time. What was
// bundled from which state of which source is written beside it, so that a changed source is never overlooked
// (fresh-bundle.cjs).
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import bundles from './fresh-bundle.cjs'

const { currentFile, folder, root, state } = bundles
const day = 86_400_000
const target = { platform: 'node', target: 'node24' }

/**
 * Node's own modules, each loaded when the first of its exports is used: loading the ten that are imported somewhere on
 * the way of a short command takes longer than the command.
 */
const nodeModulesOnUse = {
  name: 'node-modules-on-use',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'on-use' }))
    build.onLoad({ filter: /.*/, namespace: 'on-use' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => name !== 'default')
      const getters = names.map((name) => `get ${name}() { return load().${name} }`)
      return {
        loader: 'js',
        contents: [
          'let loaded',
          `const load = () => (loaded ??= process.getBuiltinModule(${JSON.stringify(path)}))`,
          `module.exports = { __esModule: true, get default() { return load() }, ${getters.join(', ')} }`,
        ].join('\n'),
      }
    })
  },
}

/** Makes the bundle in a folder of its own: a command that runs from an older one still finds its files. */
export async function makeBundle() {
  const { build, transform } = await import('esbuild')
  const name = `${Date.now().toString(36)}-${process.pid}`
  mkdirSync(folder, { recursive: true })
  const { metafile } = await build({
    ...target,
    absWorkingDir: root,
    entryPoints: ['apps/cli/src/main.ts'],
    outdir: join(folder, name),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    external: ['undici'],
    plugins: [nodeModulesOnUse],
    metafile: true,
    logLevel: 'silent',
  })
  // esbuild divides ES modules only; CommonJS starts sooner.
  for (const file of readdirSync(join(folder, name))) {
    const path = join(folder, name, file)
    const supported = { 'dynamic-import': false }
    const { code } = await transform(readFileSync(path, 'utf8'), { ...target, format: 'cjs', supported })
    writeFileSync(path, code)
  }
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('on-use:'))
  sources.push('tools/bundle.mjs', 'tools/fresh-bundle.cjs')
  const inputs = Object.fromEntries(sources.map((path) => [path, state(path)]))
  const making = `${currentFile}.${process.pid}`
  writeFileSync(making, JSON.stringify({ entry: join(name, 'main.cjs'), inputs }))
  renameSync(making, currentFile)
  for (const other of readdirSync(folder)) {
    const path = join(folder, other)
    if (other !== name && path !== currentFile && statSync(path).mtimeMs < Date.now() - day)
      rmSync(path, { recursive: true, force: true })
  }
}
