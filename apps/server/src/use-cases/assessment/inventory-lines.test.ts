import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ImageInventory } from '@lanner/extractors'
import type { Package } from '@lanner/model'
import { inventoryOf, linesWith, packInventory, readLines } from './inventory-lines.ts'

function packages(count: number, name = 'pack'): Package[] {
  return Array.from({ length: count }, (_, at) => ({
    type: 'npm',
    name: `${name}-${at}\nä`,
    version: '1.0.0',
    purl: `pkg:npm/${name}-${at}@1.0.0`,
    confidence: 'declared',
    locations: [],
  }))
}

function inventory(count: number): ImageInventory {
  return { packages: packages(count), repositoryCpes: ['cpe:/o:a'], reasons: [] }
}

for (const count of [0, 1, 250, 251, 1000])
  test(`an inventory of ${count} packages comes back as it was kept`, async () => {
    assert.deepEqual(await inventoryOf(await packInventory(inventory(count))), inventory(count))
  })

test('many packages are on lines that are read one by one', async () => {
  const text = zstdDecompressSync(await packInventory(inventory(1000))).toString()
  const lines = text.split('\n').map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map((line) => (Array.isArray(line) ? line : line.packages).length),
    [250, 250, 250, 250],
  )
})

test('an inventory that was kept as one text is read as well', async () => {
  const kept = zstdCompressSync(JSON.stringify(inventory(600)))
  assert.deepEqual(await inventoryOf(kept), inventory(600))
})

test('several wholes follow each other, each with its packages', async () => {
  const wholes = [inventory(300), inventory(0), inventory(251)]
  const lines = wholes.flatMap((one) => [
    ...linesWith(one.packages, (first) => ({ inventory: { ...one, packages: first } })),
  ])
  const read: { readonly inventory: ImageInventory }[] = []
  await readLines(Buffer.from(lines.map((line) => `${line}\n`).join('')), (whole) => {
    read.push(whole as (typeof read)[number])
    return read.at(-1)?.inventory
  })
  assert.deepEqual(
    read.map((each) => each.inventory),
    wholes,
  )
})

test('packages of nothing are refused', async () => {
  await assert.rejects(
    readLines(Buffer.from('[]\n'), () => undefined),
    /packages of nothing/,
  )
})
