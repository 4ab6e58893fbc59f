import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PackageFacts } from '@lanner/model'
import { assembleImage } from './assemble-image.ts'
import { type Evidence, type LayerInventory, NameList } from './inventory.ts'

type Files = Readonly<Record<string, readonly string[] | null>>

/** A layer from an object literal: path -> `name version` lines, null for a path without evidence. */
function layer(
  files: Files,
  more: Partial<Pick<LayerInventory, 'whiteouts' | 'opaque' | 'owned'>> & {
    type?: PackageFacts['type']
  } = {},
): LayerInventory {
  const names = new NameList()
  const evidence: Evidence[] = []
  for (const [path, packages] of Object.entries(files)) {
    names.add(path)
    if (!packages) continue
    const facts = packages.map((text) => {
      const [name, version] = text.split(' ')
      return { type: more.type ?? ('npm' as const), name, version, confidence: 'declared' as const }
    })
    evidence.push({ path, extractor: 'test', packages: facts })
  }
  return { evidence, names, owned: {}, whiteouts: [], opaque: [], unread: [], ...more }
}

function assemble(...layers: LayerInventory[]) {
  return assembleImage(layers.map((inventory, index) => ({ diffId: `layer${index}`, inventory })))
}

const list = (image: ReturnType<typeof assemble>) =>
  image.packages.map(
    ({ name, version, locations }) =>
      `${name} ${version} ${locations.map(({ path, layerIndex }) => `${path}@${layerIndex}`).join(' ')}`,
  )

const cases: readonly (readonly [
  name: string,
  layers: readonly LayerInventory[],
  packages: readonly string[],
])[] = [
  ['layers add up', [layer({ a: ['x 1'] }), layer({ b: ['y 2'] })], ['x 1 a@0', 'y 2 b@1']],
  ['the same path is replaced', [layer({ a: ['x 1'] }), layer({ a: ['x 2'] })], ['x 2 a@1']],
  ['a file without evidence replaces too', [layer({ a: ['x 1'] }), layer({ a: null })], []],
  ['a whiteout removes a file', [layer({ 'd/a': ['x 1'] }), layer({}, { whiteouts: ['d/a'] })], []],
  [
    'a whiteout removes a folder',
    [layer({ 'd/e/a': ['x 1'], 'de/a': ['y 1'] }), layer({}, { whiteouts: ['d'] })],
    ['y 1 de/a@0'],
  ],
  [
    'a whiteout spares its own layer',
    [layer({ 'd/a': ['x 1'] }), layer({ 'd/a': ['x 2'] }, { whiteouts: ['d/a'] })],
    ['x 2 d/a@1'],
  ],
  [
    'an opaque folder hides what is below it, not its own layer',
    [layer({ 'd/a': ['x 1'], b: ['z 1'] }), layer({ 'd/n': ['y 1'] }, { opaque: ['d'] })],
    ['y 1 d/n@1', 'z 1 b@0'],
  ],
  [
    'an opaque root hides all',
    [layer({ 'd/a': ['x 1'], b: ['z 1'] }), layer({ n: ['y 1'] }, { opaque: [''] })],
    ['y 1 n@1'],
  ],
  ['a file in the place of a folder hides it', [layer({ 'd/a': ['x 1'] }), layer({ d: null })], []],
  ['a folder in the place of a file hides it', [layer({ d: ['x 1'] }), layer({ 'd/': null })], []],
  [
    'so does a file below it, without an entry for the folder',
    [layer({ d: ['x 1'] }), layer({ 'd/inner': null })],
    [],
  ],
  [
    'a folder of the same name hides nothing',
    [layer({ 'd/a': ['x 1'] }), layer({ 'd/': null })],
    ['x 1 d/a@0'],
  ],
  [
    'what came back counts',
    [layer({ a: ['x 1'] }), layer({}, { whiteouts: ['a'] }), layer({ a: ['x 1'] })],
    ['x 1 a@2'],
  ],
  ['the same package in two places is one', [layer({ a: ['x 1'], b: ['x 1'] })], ['x 1 a@0 b@0']],
]

for (const [name, layers, packages] of cases) {
  test(name, () => assert.deepEqual(list(assemble(...layers)), packages))
}

test('a package of a rewritten database keeps the layer that brought it, until its version changes', () => {
  const image = assemble(
    layer({ db: ['libc 1', 'ssl 1'] }),
    layer({ db: ['libc 1', 'ssl 2', 'curl 1'] }),
    layer({ db: ['libc 1', 'ssl 2'] }),
  )
  assert.deepEqual(list(image), ['libc 1 db@0', 'ssl 2 db@1'])
})

test('ownership: by list, not after a later layer replaced the file, and not for a second copy', () => {
  const system = layer(
    { db: ['python3-requests 2.28'] },
    { type: 'deb', owned: { 'lib/requests': 'python3-requests' } },
  )
  const owner = 'pkg:deb/python3-requests@2.28'
  const language = layer({ 'lib/requests': ['requests 2.28'] })
  const ownersOf = (image: ReturnType<typeof assemble>) =>
    image.packages
      .filter(({ type }) => type === 'npm')
      .map(({ name, version, owner: by }) => [name, version, by])
  assert.deepEqual(ownersOf(assemble(language, system)), [['requests', '2.28', owner]])
  assert.deepEqual(
    ownersOf(assemble(system, language)),
    [['requests', '2.28', owner]],
    'a chunked image: the file follows its database',
  )
  assert.deepEqual(ownersOf(assemble(language, system, layer({ 'lib/requests': ['requests 2.31'] }))), [
    ['requests', '2.31', undefined],
  ])
  assert.deepEqual(ownersOf(assemble(language, system, layer({ 'app/requests': ['requests 2.28'] }))), [
    ['requests', '2.28', undefined],
  ])
})

test('os-release in etc comes first; a lesser file only lends its version', () => {
  const release = (path: string, id: string, version?: string): Evidence => ({
    path,
    extractor: 'os/os-release',
    packages: [],
    distribution: { id, like: [], ...(version ? { version } : {}) },
  })
  const inventory: LayerInventory = {
    ...layer({}),
    evidence: [
      release('etc/debian_version', 'debian', '12.5'),
      release('usr/lib/os-release', 'other', '1'),
      release('etc/os-release', 'debian'),
    ],
  }
  const { distribution } = assemble(inventory)
  assert.deepEqual(distribution, { id: 'debian', like: [], version: '12.5', path: 'etc/os-release' })
})

test('problems of visible files become reasons; those of replaced files do not', () => {
  const broken = (path: string): LayerInventory => {
    const inventory = layer({ [path]: [] })
    return {
      ...inventory,
      evidence: [
        {
          path,
          extractor: 'test',
          packages: [],
          problems: [{ code: 'unreadable-evidence', message: `${path}: torn` }],
        },
      ],
    }
  }
  assert.deepEqual(assemble(broken('db')).reasons, [
    { code: 'unreadable-evidence', message: 'db: torn', path: 'db' },
  ])
  assert.deepEqual(assemble(broken('db'), layer({ db: ['x 1'] })).reasons, [])
})

test('ownership is counted from the layer that brought the owner in its version, not from a rewritten database', () => {
  const owned = { 'lib/requests': 'python3-requests' }
  const database = (version: string) => layer({ db: [`python3-requests ${version}`] }, { type: 'rpm', owned })
  const installed = layer({ 'lib/requests': ['requests 2.28'] })
  const upgraded = layer({ 'lib/requests': ['requests 2.31'] })
  const ownerOf = (...layers: LayerInventory[]) => {
    const { packages } = assemble(...layers)
    return packages.find(({ type }) => type === 'npm')?.owner
  }
  const both = (first: LayerInventory, second: LayerInventory): LayerInventory => {
    const names = new NameList()
    for (const name of [...first.names, ...second.names]) names.add(name)
    return { ...first, names, evidence: [...first.evidence, ...second.evidence] }
  }
  const base = both(database('1'), installed)
  assert.equal(ownerOf(base), 'pkg:rpm/python3-requests@1')
  // pip in one layer, any other rpm in the next, which writes the whole database anew: the file is still pip's.
  assert.equal(ownerOf(base, upgraded, database('1')), undefined)
  // The package itself was upgraded, in one layer.
  assert.equal(ownerOf(base, both(database('2'), upgraded)), 'pkg:rpm/python3-requests@2')
  // Removed from the base, and put there by somebody else later.
  assert.equal(ownerOf(base, layer({}, { whiteouts: ['lib/requests'] }), upgraded), undefined)
})

test('the better statement of a package wins, filled in by the other; needed at run time anywhere, it is needed', () => {
  const facts = (given: Partial<PackageFacts>): PackageFacts => ({
    type: 'npm',
    name: 'x',
    version: '1',
    confidence: 'inferred',
    ...given,
  })
  const merged = (...all: readonly Partial<PackageFacts>[]) => {
    const inventory = layer(Object.fromEntries(all.map((_, at) => [String(at), null])))
    const evidence = all.map((given, at) => ({
      path: String(at),
      extractor: 'test',
      packages: [facts(given)],
    }))
    const { packages } = assemble({ ...inventory, evidence })
    assert.equal(packages.length, 1)
    const { licenses, confidence, development, vendor } = packages[0]
    return { licenses, confidence, development, vendor }
  }
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const statements = [
      { confidence: 'declared', licenses: [], development: true },
      { confidence: 'inferred', licenses: ['MIT'], vendor: 'somebody' },
    ] as const
    assert.deepEqual(merged(...order.map((at) => statements[at])), {
      confidence: 'declared',
      licenses: ['MIT'],
      vendor: 'somebody',
      development: undefined,
    })
  }
  assert.equal(merged({ development: true }, { development: true }).development, true)
})

test('half a surrogate pair in a name stops no inventory', () => {
  assert.deepEqual(list(assemble(layer({ a: ['x\ud800 1'] }))), ['x\ud800 1 a@0'])
})

test('a copyright file gives Debian packages their licences, as long as it is there', () => {
  const copyright: LayerInventory = {
    ...layer({ 'usr/share/doc/x/copyright': null }),
    evidence: [
      {
        path: 'usr/share/doc/x/copyright',
        extractor: 'test',
        packages: [],
        licensed: { name: 'x', licenses: ['MIT', 'ISC'] },
      },
    ],
  }
  const status = layer({ status: ['x 1', 'y 1'] }, { type: 'deb' })
  const licensesOf = (...layers: LayerInventory[]) =>
    assemble(...layers).packages.map(({ name, licenses }) => [name, licenses])
  assert.deepEqual(licensesOf(copyright, status), [
    ['x', ['MIT', 'ISC']],
    ['y', undefined],
  ])
  const gone = layer({}, { whiteouts: ['usr/share/doc/x'] })
  assert.deepEqual(licensesOf(copyright, status, gone), [
    ['x', undefined],
    ['y', undefined],
  ])
  assert.deepEqual(licensesOf(copyright, layer({ lock: ['x 1'] })), [['x', undefined]])
  const [evidence] = layer({ status: ['x 1'] }, { type: 'deb' }).evidence
  const stating = { ...evidence, packages: [{ ...evidence.packages[0], licenses: ['GPL-2.0-only'] }] }
  assert.deepEqual(licensesOf({ ...status, evidence: [stating] }, copyright), [['x', ['GPL-2.0-only']]])
})
