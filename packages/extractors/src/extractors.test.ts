import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extractors } from './extractors.ts'
import { extractorRevisions } from './generated/revisions.ts'

test('every extractor has an id of its own, and its revision is the printed one', () => {
  const revisions = extractors.map(({ id, revision }) => [id, revision] as const)
  assert.equal(new Set(revisions.map(([id]) => id)).size, extractors.length)
  assert.deepEqual(extractorRevisions, Object.fromEntries(revisions), 'run `npm run generate`')
})
