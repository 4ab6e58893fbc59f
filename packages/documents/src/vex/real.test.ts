import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readVex } from './read.ts'

const folder = process.env['LANNER_TEST_DATA']
const skip = !folder && 'needs LANNER_TEST_DATA'

/** Vendors' documents by file name. */
function documents(feed: string) {
  const place = join(folder ?? '', 'fixtures/feeds', feed)
  return readdirSync(place)
    .filter((name) => name.endsWith('.json.gz'))
    .map((name) => [name, JSON.parse(gunzipSync(readFileSync(join(place, name))).toString('utf8'))] as const)
}

function productsByStatus({ statements }: ReturnType<typeof readVex>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status = '', products } of statements) counts[status] = (counts[status] ?? 0) + products.length
  return counts
}

test("Ubuntu's OpenVEX: every product of every statement is a package, of a source or built", {
  skip,
}, () => {
  const all = documents('ubuntu-vex')
  assert.ok(all.length > 0)
  for (const [name, raw] of all) {
    const read = readVex(raw)
    const counts: Record<string, number> = {}
    for (const { status, products } of raw.statements)
      counts[status] = (counts[status] ?? 0) + products.length
    assert.deepEqual(productsByStatus(read), counts, name)
    for (const { problem, products } of read.statements) {
      assert.equal(problem, undefined, name)
      for (const { purl } of products) assert.match(purl ?? '', /^pkg:deb\/ubuntu\/[^?]+\?arch=\w+&distro=/)
    }
  }
})

test("vendors' CSAF: every product of every status is told of, as a thing or with a problem", {
  skip,
}, () => {
  const all = [...documents('redhat-vex'), ...documents('suse-csaf-vex')]
  assert.ok(all.length > 5)
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['not_affected', ['known_not_affected']],
    ['fixed', ['fixed', 'first_fixed']],
    ['affected', ['known_affected', 'first_affected', 'last_affected']],
    ['under_investigation', ['under_investigation']],
  ]
  for (const [name, raw] of all) {
    const read = readVex(raw)
    const counts = productsByStatus(read)
    for (const [status, names] of lists) {
      let expected = 0
      for (const { product_status = {} } of raw.vulnerabilities ?? [])
        for (const each of names) expected += (product_status[each] ?? []).length
      assert.equal(counts[status] ?? 0, expected, `${name}: ${status}`)
    }
    for (const { products } of read.statements)
      for (const { purl, image, problem } of products)
        assert.equal([purl, image, problem].filter((each) => each !== undefined).length, 1, name)
  }
})
