#!/usr/bin/env node
// The command itself, in plain JavaScript so that it starts on any Node from 18: it finds a Node that can run the
// sources (this one, or the one in tools/node) and goes on there, setting the checkout up first if need be. Where there is
// a bundle of the sources as they are now, that is run in their place.
import { existsSync, readFileSync } from 'node:fs'
import * as module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { freshBundle } from '../../../tools/bundle.mjs'

const { enableCompileCache } = module
const root = fileURLToPath(new URL('../../../', import.meta.url))
const ready = existsSync(join(root, 'node_modules', '.lanner-lock'))

if (Number.parseInt(process.versions.node, 10) >= 24 && ready) {
  // Compiled code is kept between runs; where the checkout belongs to somebody else, every run compiles anew.
  enableCompileCache?.(join(root, 'node_modules', '.cache', 'lanner'))
  const entry = freshBundle() ?? join(root, 'apps', 'cli', 'src', 'main.ts')
  const { main } = await import(pathToFileURL(entry).href)
  await main(process.argv.slice(2), JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
} else {
  const { become, dependenciesReady, nodeBinary, prepare } = await import('../../../tools/ready.mjs')
  try {
    const binary = (dependenciesReady() && nodeBinary()) || (await prepare({ bundled: true }))
    become(binary, [fileURLToPath(import.meta.url), ...process.argv.slice(2)])
  } catch (error) {
    process.stderr.write(`lanner: ${error.message}\n`)
    process.exit(3)
  }
}
