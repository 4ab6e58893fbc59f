import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { LayerExtraction } from '../extract-layer.ts'
import { MiB } from '../extractor.ts'
import { elfFixture, type FixtureSection } from '../formats/executable.fixture.ts'
import type { LayerInventory } from '../inventory.ts'
import type { ReadingNeed } from '../reading-needs.ts'
import { go } from './go/index.ts'
import { rust } from './rust/index.ts'

/** Reads a layer with this one program until nothing more is due. */
function readings(program: Buffer): LayerInventory[] {
  const inventories: LayerInventory[] = []
  let needs: readonly ReadingNeed[] = []
  do {
    const extraction = new LayerExtraction([go, rust], needs)
    const sink = extraction.entry({ path: 'app', type: 'file', mode: 0o755, size: program.length })
    for (let at = 0; at < program.length; at += 100_000) sink?.write(program.subarray(at, at + 100_000), at)
    sink?.end()
    const inventory = extraction.finish()
    inventories.push(inventory)
    needs = inventory.unread
  } while (needs.length > 0 && inventories.length < 8)
  return inventories
}

const namesIn = ({ evidence }: LayerInventory) =>
  evidence.flatMap(({ packages }) => packages.map(({ name, version }) => `${name} ${version}`))
const problemsIn = ({ evidence }: LayerInventory) => evidence.flatMap(({ problems = [] }) => problems)

const filler = (name: string, size: number, address?: number): FixtureSection => ({
  name,
  content: Buffer.alloc(size, 0x90),
  ...(address === undefined ? {} : { address }),
})

test('a Rust program of 30 MiB with its record in the middle takes two readings', () => {
  const content = deflateSync(
    JSON.stringify({ packages: [{ name: 'serde', version: '1.0.1', source: 'crates.io' }] }),
  )
  const program = elfFixture([
    filler('.text', 14 * MiB),
    { name: '.dep-v0', content },
    filler('.debug', 16 * MiB),
  ])
  const [first, ...further] = readings(program)
  assert.equal(problemsIn(first)[0].code, 'unreadable-evidence')
  assert.equal(further.length, 1)
  assert.deepEqual(namesIn(further[0]), ['serde 1.0.1'])
  assert.deepEqual(problemsIn(further[0]), [])
})

/** A string header of a 64-bit Go program. */
function stringAt(address: number, length: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeBigUInt64LE(BigInt(address))
  header.writeBigUInt64LE(BigInt(length), 8)
  return header
}

test('a Go program from before 1.18, with all that its build information points to far apart, takes four', () => {
  const version = Buffer.from('go1.16.5')
  const lines = Buffer.from('path\texample.org/app\nmod\texample.org/app\tv1.2.0\t\n')
  const modules = Buffer.concat([Buffer.alloc(16, 0xe6), lines, Buffer.alloc(16, 0xe6)])
  const [info, headers, first, second] = [0x1000_0000, 0x2000_0000, 0x3000_0000, 0x4000_0000]
  const header = Buffer.concat([
    Buffer.from('\xff Go buildinf:\x08\0', 'latin1'),
    stringAt(headers, headers + 16),
  ])
  const program = elfFixture([
    filler('.a', 2 * MiB),
    { name: '.go.buildinfo', content: header, address: info },
    filler('.b', 6 * MiB),
    {
      name: '.data',
      content: Buffer.concat([stringAt(first, version.length), stringAt(second, modules.length)]),
      address: headers,
    },
    filler('.c', 6 * MiB),
    { name: '.version', content: version, address: first },
    filler('.d', 8 * MiB),
    { name: '.modules', content: modules, address: second },
    filler('.e', 8 * MiB),
  ])
  const all = readings(program)
  assert.equal(all.length, 4)
  for (const inventory of all.slice(0, 3)) assert.equal(problemsIn(inventory).length, 1)
  assert.deepEqual(namesIn(all[3]), ['stdlib 1.16.5', 'app v1.2.0'])
  assert.deepEqual(problemsIn(all[3]), [])
})
