import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEstate } from '../../apps/server/src/testing/estate.ts'
import { falcon, lanner } from '../../packages/contract/src/index.ts'
import { apiPages } from './page.ts'
import { runExamples } from './run.ts'

const root = join(import.meta.dirname, '../..')

test('every operation has an example that is answered as declared, and the reference shows it', async (t) => {
  const estate = await startEstate(t)
  // Replies are held against their schemas on the way out: one that does not fit is a 500.
  const { collections, wrong } = await runExamples(estate)
  assert.deepEqual(wrong, [])
  const declared = [...falcon, ...lanner].flatMap(({ operations }) => Object.keys(operations))
  const shown = collections.flatMap(({ ran }) => [...ran.keys()])
  assert.deepEqual(shown.toSorted(), declared.toSorted())
  const pages = new Map(apiPages(collections))
  const there = globSync('docs/reference/api/**/*.md', { cwd: root })
  assert.deepEqual(there.toSorted(), [...pages.keys()].toSorted(), 'run `npm run generate`')
  for (const [path, text] of pages) {
    const full = join(root, path)
    assert.equal(
      existsSync(full) ? readFileSync(full, 'utf8') : '',
      text,
      `${path}: run \`npm run generate\``,
    )
  }
})
