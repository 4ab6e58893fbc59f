#!/usr/bin/env node
// The command itself, in plain JavaScript so that it starts on any Node from 18: it finds a Node that can run the
// sources (this one, or the one in tools/node) and goes on there, setting the checkout up first if need be. Where there is
// a bundle of the sources as they are now, that is run in their place.
const { existsSync, readFileSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { freshBundle, loadBundle, root } = require('../../../tools/fresh-bundle.cjs')

const run = async () => {
  // Compiled code is kept between runs; where the checkout belongs to somebody else, every run compiles anew.
  enableCompileCache?.(join(root, 'node_modules', '.cache', 'lanner'))
  const [, , first] = process.argv
  const bundle = freshBundle(first?.startsWith('-') ? '-' : first)
  const { main } = bundle ? loadBundle(bundle) : await import('../src/main.ts')
  await main(
    process.argv.slice(2),
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    root,
  )
}

const getReady = async () => {
  const { become, dependenciesReady, nodeBinary, prepare } = await import('../../../tools/ready.mjs')
  try {
    const binary = (dependenciesReady() && nodeBinary()) || (await prepare({ bundled: true }))
    become(binary, [__filename, ...process.argv.slice(2)])
  } catch (error) {
    process.stderr.write(`lanner: ${error.message}\n`)
    process.exit(3)
  }
}

const ready = existsSync(join(root, 'node_modules', '.lanner-lock'))
if (Number.parseInt(process.versions.node, 10) >= 24 && ready) run()
else getReady()
