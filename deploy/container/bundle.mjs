// Makes the bundle, and says of it that it is always fresh: an image has no sources that could change behind it.
import { readFileSync, writeFileSync } from 'node:fs'
import { makeBundle } from '../../tools/bundle.mjs'
import bundles from '../../tools/fresh-bundle.cjs'

await makeBundle()
const { entry } = JSON.parse(readFileSync(bundles.currentFile, 'utf8'))
writeFileSync(bundles.currentFile, JSON.stringify({ entry, inputs: {}, commands: {} }))
