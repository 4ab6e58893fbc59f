// Whether there is a bundle of the sources as they are now. The launcher asks at every start, on any Node from 18: plain
// CommonJS, since the loader of ES modules alone takes a tenth of the time that a short command has.
const { readFileSync, statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const folder = join(root, 'dist')
const currentFile = join(folder, 'current.json')

/** Size and time of a file below the root. Called for some four hundred files at every start: no more than is needed. */
const state = (path) => {
  const { size, mtimeMs } = statSync(`${root}/${path}`)
  return `${size} ${mtimeMs}`
}

/** The bundle's entry, if there is one that was made from the sources as they are now. */
const freshBundle = () => {
  try {
    const { entry, inputs } = JSON.parse(readFileSync(currentFile, 'utf8'))
    for (const path in inputs) if (state(path) !== inputs[path]) return undefined
    return join(folder, entry)
  } catch {
    return undefined
  }
}

module.exports = { currentFile, folder, freshBundle, root, state }
