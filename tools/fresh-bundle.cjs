// Whether there is a bundle of the sources as they are now, and how it is started. The launcher asks at every start, on
// any Node from 18: plain CommonJS, since the loader of ES modules alone takes a tenth of the time that a short command has.
const { readFileSync, statSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

const root = join(__dirname, '..')
const folder = join(root, 'dist')
const currentFile = join(folder, 'current.json')

/** Size and time of a file below the root. Called for some hundred files at every start: no more than is needed. */
const state = (path) => {
  const { size, mtimeMs } = statSync(`${root}/${path}`)
  return `${size} ${mtimeMs}`
}

/**
 * The bundle's first file, if there is a bundle that was made from the sources as they are now: all of them, or with the
 * first word of a command line those that its command is made of.
 */
const freshBundle = (word) => {
  try {
    const { entry, inputs, commands } = JSON.parse(readFileSync(currentFile, 'utf8'))
    const paths = Object.keys(inputs)
    const wanted = word && Object.hasOwn(commands, word) ? commands[word].map((at) => paths[at]) : paths
    for (const path of wanted) if (state(path) !== inputs[path]) return undefined
    return join(folder, entry)
  } catch {
    return undefined
  }
}

/** Where the code is kept that V8 made of a bundle's first file. */
const codeFile = (entry) => `${entry}.code`

const codeOf = (entry) => {
  try {
    return readFileSync(codeFile(entry))
  } catch {
    return undefined
  }
}

/**
 * Runs a bundle's first file. Its functions come compiled, where V8 takes the code that was kept: Node's own cache keeps
 * only those that run while a file is loaded, which are the fewest.
 */
const loadBundle = (entry) => {
  const cachedData = codeOf(entry)
  // esbuild writes ASCII.
  const script = new Script(readFileSync(entry, 'latin1'), {
    filename: entry,
    ...(cachedData && { cachedData }),
  })
  const module = new Module(entry)
  module.exports = script.runInThisContext()(Module.createRequire(entry))
  module.loaded = true
  // The bundle's other files require this one.
  Module._cache[entry] = module
  return { main: module.exports.load('./main.cjs').main, script }
}

module.exports = { codeFile, currentFile, folder, freshBundle, loadBundle, root, state }
