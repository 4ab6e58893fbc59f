// `node warm-bundle.cjs ENTRY IMAGE`: runs a bundle as `scan IMAGE` does, and keeps the code that V8 compiled for that. Best
// run where the image is known already: code that a known image does not need is only in the way of the rest.
const { renameSync, writeFileSync } = require('node:fs')
const { codeFile, loadBundle } = require('./fresh-bundle.cjs')

const [, , entry, image] = process.argv
const { main, script } = loadBundle(entry)

const warm = async () => {
  for (const options of [['--inventory'], ['--quiet']]) await main(['scan', ...options, image], '0')
  writeFileSync(`${codeFile(entry)}.tmp`, script.createCachedData())
  renameSync(`${codeFile(entry)}.tmp`, codeFile(entry))
}
warm()
