import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assembleImage } from './assemble-image.ts'
import { type Evidence, type LayerInventory, NameList } from './inventory.ts'
import { mergeLayers, mergeLimits } from './merge-layers.ts'

function layer(given: {
  readonly files?: readonly string[]
  readonly names?: readonly string[]
  readonly whiteouts?: readonly string[]
  readonly opaque?: readonly string[]
}): LayerInventory {
  const { files = [], names: more = [], whiteouts = [], opaque = [] } = given
  const names = new NameList()
  for (const name of [...files, ...more]) names.add(name)
  const evidence = files.map(
    (path): Evidence => ({
      path,
      extractor: 'test',
      packages: [{ type: 'npm', name: 'x', version: '1', confidence: 'declared' }],
    }),
  )
  return { evidence, names, owned: {}, whiteouts, opaque, unread: [] }
}

const visible = (...layers: LayerInventory[]) => [...mergeLayers(layers).keys()]

const many = (count: number, path: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => path(at))

test('names that every object has are ordinary files and folders', () => {
  const files = ['__proto__', 'constructor/prototype', 'toString']
  assert.deepEqual(visible(layer({ files })), files)
  assert.deepEqual(visible(layer({ files }), layer({ whiteouts: ['__proto__', 'constructor'] })), [
    'toString',
  ])
})

test('a file that was removed and put there again is a replaced one', () => {
  const merged = mergeLayers([
    layer({ files: ['a'] }),
    layer({ whiteouts: ['a'] }),
    layer({ files: ['a', 'b'] }),
  ])
  assert.deepEqual([merged.get('a')?.replaced, merged.get('b')?.replaced], [true, false])
})

/** The same by a merge without any thought of speed. */
function slowly(layers: readonly LayerInventory[]): string[] {
  let paths: string[] = []
  for (const { evidence, names, whiteouts, opaque } of layers) {
    const under = (path: string, folder: string) => folder === '' || path.startsWith(`${folder}/`)
    for (const gone of whiteouts) paths = paths.filter((path) => path !== gone && !under(path, gone))
    for (const folder of opaque) paths = paths.filter((path) => !under(path, folder))
    for (const name of names) {
      const path = name.replace(/\/$/, '')
      paths = paths.filter(
        (lower) => lower !== path && !under(path, lower) && (name !== path || !under(lower, path)),
      )
    }
    paths.push(...evidence.map(({ path }) => path).filter((path) => !paths.includes(path)))
  }
  return paths.sort()
}

test('random layers come to what a slow merge finds', () => {
  let seed = 7
  const next = (bound: number) => (seed = (seed * 48271) % 2147483647) % bound
  const path = () => many(1 + next(4), () => 'abc'[next(3)]).join('/')
  const some = (most: number) => many(next(most), path)
  for (let round = 0; round < 400; round++) {
    const layers = many(1 + next(4), String).map(() =>
      layer({
        files: [...new Set(some(6))],
        names: some(3).map((name) => (next(2) ? `${name}/` : name)),
        whiteouts: some(3),
        opaque: next(3) ? [] : some(2),
      }),
    )
    assert.deepEqual(visible(...layers), slowly(layers), `round ${round}`)
  }
})

// What a hostile image may hold, each well within a second; the figures would take hours if work grew with their product.

test('a package in 100,000 places is one package with 100,000 places', () => {
  const files = many(100_000, (at) => `p/${at}`)
  const { packages } = assembleImage([{ diffId: 'sha256:1', inventory: layer({ files }) }])
  assert.equal(packages.length, 1)
  assert.equal(packages[0].locations.length, 100_000)
})

test('a thousand layers on 50,000 files', () => {
  const base = layer({ files: many(50_000, (at) => `folder${at % 100}/file${at}`) })
  const tops = many(1000, (at) => `top${at}`).map((file) =>
    layer({ files: [file], whiteouts: [`none/${file}`] }),
  )
  assert.equal(visible(base, ...tops).length, 51_000)
})

test('a hundred thousand whiteouts, opaque folders and covering names', () => {
  const files = many(20_000, (at) => `a/${at}/x`)
  const gone = many(100_000, (at) => `a/${at}`)
  assert.deepEqual(visible(layer({ files }), layer({ whiteouts: gone })), [])
  assert.deepEqual(visible(layer({ files }), layer({ opaque: gone })), [])
  assert.deepEqual(visible(layer({ files }), layer({ names: gone })), [])
  assert.equal(visible(layer({ files }), layer({ opaque: many(100_000, () => 'b') })).length, 20_000)
})

test('paths of two thousand folders', () => {
  const deep = 'd/'.repeat(2000)
  const files = many(200, (at) => `${deep}${at}`)
  assert.equal(
    visible(layer({ files }), layer({ names: many(200, (at) => `${deep}other${at}`) })).length,
    200,
  )
  assert.deepEqual(visible(layer({ files }), layer({ whiteouts: ['d'] })), [])
})

test('the layers of an image together have bounds', () => {
  const two = [layer({ files: ['a/1', 'a/2'] }), layer({ files: ['b/3'], names: ['c/d'], whiteouts: ['e'] })]
  assert.equal(mergeLayers(two, { maxPackages: 3, maxNameText: 7, maxPlaces: 5 }).size, 3)
  for (const limits of [{ maxPackages: 2 }, { maxNameText: 6 }, { maxPlaces: 4 }]) {
    assert.throws(() => mergeLayers(two, { ...mergeLimits, ...limits }), { code: 'limit-exceeded' })
  }
})

test('problems beyond a thousand are counted', () => {
  const torn = layer({ files: many(1500, (at) => `f${at}`) })
  const problems = [{ code: 'unreadable-evidence', message: 'torn' }] as const
  const inventory: LayerInventory = {
    ...torn,
    evidence: torn.evidence.map((evidence) => ({ ...evidence, problems })),
    problems: [{ code: 'unreadable-evidence', message: 'odd' }],
  }
  const { reasons } = assembleImage([{ diffId: 'sha256:1', inventory }])
  assert.equal(reasons.length, 1001)
  assert.deepEqual(reasons[0], { code: 'unreadable-evidence', message: 'layer 1: odd' })
  assert.deepEqual(reasons.at(-1), {
    code: 'unreadable-evidence',
    message: '501 more problems like these are not listed',
  })
})

test('a list of paths has its bound', () => {
  const names = new NameList(Buffer.alloc(512 * 1024 * 1024 - 10))
  assert.throws(() => names.add('a path that is too long'), { code: 'limit-exceeded' })
})
