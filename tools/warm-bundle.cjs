// `node warm-bundle.cjs ENTRY IMAGE`: runs a bundle as `scan IMAGE` does, first with nothing remembered, then with the image
// known, and keeps the code that V8 compiled for both.
const { renameSync, writeFileSync } = require('node:fs')
const { codeFile, loadBundle } = require('./fresh-bundle.cjs')

const [, , entry, image] = process.argv
const { main, script } = loadBundle(entry)

const warm = async () => {
  for (const options of [['--inventory'], ['--inventory'], ['--quiet']])
    await main(['scan', ...options, image], '0')
  writeFileSync(`${codeFile(entry)}.tmp`, script.createCachedData())
  renameSync(`${codeFile(entry)}.tmp`, codeFile(entry))
}
warm()
