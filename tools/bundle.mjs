// The command in few files, for the sake of its start: some four hundred modules load in a tenth of the time. What was
// bundled from which state of which source is written beside it, so that a changed source is never overlooked
// (fresh-bundle.cjs).
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import bundles from './fresh-bundle.cjs'

const { codeFile, currentFile, folder, root, state } = bundles
const day = 86_400_000
const target = { platform: 'node', target: 'node24' }

/**
 * Node's own modules, each loaded when it is first used: loading all that are imported somewhere on the way of a short
 * command takes longer than the command. `code` is as esbuild writes it: every use of an import is `import_node_fs.name`.
 */
const loadedOnUse = (code) => {
  const names = new Set()
  const declared = code.replace(/^var (import_\w+) = require\(("node:[\w/]+")\);$/gm, (_, name, path) => {
    names.add(name)
    return `let ${name}_;const ${name} = () => (${name}_ ??= require(${path}));`
  })
  return declared.replace(/(\bnew )?\b(import_\w+)\.(\w+)/g, (use, made, name, member) => {
    if (!names.has(name)) return use
    return made ? `new (${name}().${member})` : `${name}().${member}`
  })
}

/** A file of the bundle and all that it imports at once; with `later`, also what these import on the way. */
const closureOf = (outputs, path, later = false, found = new Set()) => {
  if (found.has(path)) return found
  found.add(path)
  for (const { kind, path: other } of outputs[path].imports)
    if ((kind === 'import-statement' || later) && other in outputs) closureOf(outputs, other, later, found)
  return found
}

/** Dependencies change with every installation, and only then: npm's own list stands for them. */
const installed = 'node_modules/.package-lock.json'
const isOurs = (path) => !path.startsWith('node_modules/')

/**
 * Which sources a short command is made of, by its first word; an option in its place (`--help`) leads to no command. What
 * the platform is made of need not be looked at before a scan.
 */
const sourcesOfCommands = (outputs, everywhere) => {
  const main = Object.keys(outputs).find((path) => outputs[path].entryPoint === 'apps/cli/src/main.ts')
  const commands = new Map([['-', []]])
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    const word = entryPoint?.match(/^apps\/cli\/src\/commands\/(\w+)/)?.[1]
    if (word && word !== 'serve')
      commands.set(word, [...(commands.get(word) ?? []), ...closureOf(outputs, path, true)])
  }
  const sourcesOf = (paths) => paths.flatMap((path) => Object.keys(outputs[path].inputs)).filter(isOurs)
  const always = [...sourcesOf([...closureOf(outputs, main)]), ...everywhere]
  return [...commands].map(([word, paths]) => [word, new Set([...always, ...sourcesOf(paths)])])
}

/** One file that holds many, each run when it is first required; those outside require them of it by `load`. */
const packed = (files) => {
  const parts = [...files].map(
    ([name, code]) => `${JSON.stringify(`./${name}`)}(module, exports, require) {\n${code}\n}`,
  )
  return `(function (require) {
const loaded = new Map()
const load = (name) => {
  if (!Object.hasOwn(parts, name)) return require(name)
  let module = loaded.get(name)
  if (!module) {
    loaded.set(name, (module = { exports: {} }))
    parts[name](module, module.exports, load)
  }
  return module.exports
}
const parts = {
${parts.join(',\n')}
}
return { load }
})
`
}

/** What a module asks of its own place is the place of its file in the bundle. */
const place = { 'import.meta.url': 'import_meta_url', 'import.meta.dirname': '__dirname' }
const placed = (code) =>
  code.includes('import_meta_url')
    ? `const import_meta_url = require('node:url').pathToFileURL(__filename).href;\n${code}`
    : code

/** What runs beside the server, in processes and threads that are started from files of their own. */
const beside = {
  'image-process': 'apps/server/src/jobs/readers/image-process.ts',
  'watch-thread': 'apps/server/src/jobs/processes/watch-thread.ts',
  'advisory-thread': 'apps/server/src/jobs/threads/advisory-thread.ts',
  'preview-thread': 'apps/server/src/jobs/threads/preview-thread.ts',
}

/** Before their code, which nobody ran the first file for (fresh-bundle.cjs does it for the command). */
const besideStart = `const Module = require('node:module')
const { existsSync, readFileSync } = require('node:fs')
const start = require('node:path').join(__dirname, 'start.cjs')
const code = start + '.code'
const script = new (require('node:vm').Script)(readFileSync(start, 'latin1'), {
  filename: start,
  ...(existsSync(code) && { cachedData: readFileSync(code) }),
})
Module._cache[start] = new Module(start)
Module._cache[start].exports = script.runInThisContext()(Module.createRequire(start))
Module._cache[start].loaded = true
`

/** Has V8 compile what a scan runs. Without it the bundle starts later, but as well. */
const warm = (binary, entry) => {
  const cache = mkdtempSync(join(tmpdir(), 'lanner-warm-'))
  const args = [join(root, 'tools', 'warm-bundle.cjs'), entry, `oci:${join(root, 'demo', 'image')}`]
  const env = { ...process.env, LANNER_CACHE_DIR: cache, LANNER_ADVISORIES: join(cache, 'none') }
  try {
    spawnSync(binary, args, { env, stdio: 'ignore', timeout: 20_000 })
    // Now the image is known.
    rmSync(codeFile(entry), { force: true })
    spawnSync(binary, args, { env, stdio: 'ignore', timeout: 20_000 })
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}

/**
 * Makes the bundle in a folder of its own: a command that runs from an older one still finds its files. `binary` is the
 * Node that will run it.
 */
export async function makeBundle(binary = process.execPath) {
  const { build, transform } = await import('esbuild')
  const name = `${Date.now().toString(36)}-${process.pid}`
  mkdirSync(folder, { recursive: true })
  const { metafile } = await build({
    ...target,
    absWorkingDir: root,
    entryPoints: {
      main: 'apps/cli/src/main.ts',
      ...beside,
    },
    outdir: join(folder, name),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    external: ['undici'],
    metafile: true,
    logLevel: 'silent',
  })
  // esbuild divides ES modules only; CommonJS starts sooner.
  const files = new Map()
  for (const file of readdirSync(join(folder, name))) {
    const code = readFileSync(join(folder, name, file), 'utf8')
    const options = { ...target, format: 'cjs', define: place, supported: { 'dynamic-import': false } }
    files.set(file, placed(loadedOnUse((await transform(code, options)).code)))
  }
  // What every scan needs lies in one file: a dozen would have to be found, read and checked one by one.
  const { outputs } = metafile
  const first = Object.keys(outputs).filter((path) =>
    ['main.ts', 'commands/scan.ts'].some((source) => outputs[path].entryPoint === `apps/cli/src/${source}`),
  )
  const together = new Set(
    first.flatMap((path) => [...closureOf(outputs, path)]).map((path) => basename(path)),
  )
  for (const file of files.keys()) {
    const stub = `module.exports = require('./start.cjs').load('./${file}')`
    writeFileSync(join(folder, name, file), together.has(file) ? stub : files.get(file))
  }
  for (const file of Object.keys(beside).map((each) => `${each}.cjs`)) {
    const code = files.get(file)
    // What takes nothing from the others does without.
    const start = code.includes('require("./') ? besideStart : ''
    writeFileSync(join(folder, name, file), `${start}{\n${code}\n}`)
  }
  writeFileSync(join(folder, name, 'start.cjs'), packed([...files].filter(([file]) => together.has(file))))
  warm(binary, join(folder, name, 'start.cjs'))
  const tools = ['bundle.mjs', 'fresh-bundle.cjs', 'warm-bundle.cjs'].map((file) => `tools/${file}`)
  const everywhere = [installed, ...tools]
  const sources = [...Object.keys(metafile.inputs).filter(isOurs), ...everywhere]
  const inputs = Object.fromEntries(sources.map((path) => [path, state(path)]))
  const places = new Map(sources.map((path, at) => [path, at]))
  const commands = Object.fromEntries(
    sourcesOfCommands(outputs, everywhere).map(([word, paths]) => [
      word,
      [...paths].map((path) => places.get(path)),
    ]),
  )
  const making = `${currentFile}.${process.pid}`
  writeFileSync(making, JSON.stringify({ entry: join(name, 'start.cjs'), inputs, commands }))
  renameSync(making, currentFile)
  for (const other of readdirSync(folder)) {
    const path = join(folder, other)
    if (other !== name && path !== currentFile && statSync(path).mtimeMs < Date.now() - day)
      rmSync(path, { recursive: true, force: true })
  }
}
