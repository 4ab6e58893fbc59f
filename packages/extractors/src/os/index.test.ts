import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { osExtractors } from './index.ts'

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test('every folder is an extractor of that name, in order, with a test beside it', () => {
  assert.deepEqual(
    osExtractors.map(({ id }) => id),
    folders.map((name) => `os/${name}`).sort(),
  )
  for (const name of folders) {
    const files = readdirSync(`${import.meta.dirname}/${name}`)
    assert.ok(files.includes('index.ts') && files.includes('index.test.ts'), name)
  }
})

test('what extractors declare is whole', () => {
  for (const { id, revision, finds, wants, maxBytes } of osExtractors) {
    assert.ok(Number.isInteger(revision) && revision > 0, id)
    assert.ok(finds.length > 0, id)
    assert.ok(maxBytes >= 1024 * 1024 && maxBytes <= 256 * 1024 * 1024, id)
    assert.ok(wants.paths?.length, id)
    for (const path of wants.paths ?? []) assert.ok(!path.startsWith('/') && !path.includes('..'), path)
  }
})
