import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inventoryOfSent, type SentLibrary, type SentPackage, sentLimits } from './sent-inventory.ts'

const pack = (more: Partial<SentPackage>): SentPackage => ({
  name: 'libexpat1',
  version: '2.5.0-1',
  architecture: 'amd64',
  provider: 'DPKG',
  source: '',
  status: 'installed',
  layerIndex: -1,
  ...more,
})
const library = (more: Partial<SentLibrary>): SentLibrary => ({
  name: 'left-pad',
  version: '1.0.0',
  license: '',
  path: '',
  layerIndex: -1,
  ...more,
})
const system = 'Debian GNU/Linux 12'

test('a package of the system, with the source that it was built from', () => {
  const sources: readonly (readonly [told: string, source: object | undefined])[] = [
    ['expat 2.5.0-1', { name: 'expat' }],
    ['expat 2.5.0-1+b1', { name: 'expat', version: '2.5.0-1+b1' }],
    ['expat', { name: 'expat' }],
    ['libexpat1 2.5.0-1', undefined],
    ['', undefined],
  ]
  for (const [told, source] of sources) {
    const { packages, reasons } = inventoryOfSent({
      system,
      packages: [pack({ source: told })],
      libraries: [],
    })
    assert.deepEqual(reasons, [])
    assert.deepEqual(packages[0]?.source, source, told)
    assert.equal(packages[0]?.type, 'deb')
  }
})

test('the manager of a package is told, or follows from the system', () => {
  const types = (told: string, on: string) =>
    inventoryOfSent({ system: on, packages: [pack({ provider: told })], libraries: [] }).packages.map(
      ({ type }) => type,
    )
  assert.deepEqual(types('rpm', system), ['rpm'])
  assert.deepEqual(types('', 'Alpine Linux 3.19'), ['apk'])
  assert.deepEqual(types('', 'Rocky Linux 9'), ['rpm'])
  assert.deepEqual(types('', 'Foo Linux 3'), [])
  assert.deepEqual(types('constructor', system), [])
})

test('the purl of a package is that of its type', () => {
  const purls: readonly (readonly [type: string | number, name: string, path: string, purl: string])[] = [
    ['NODE', '@babel/core', '', 'pkg:npm/%40babel/core@1.0.0'],
    ['node', 'lodash', '', 'pkg:npm/lodash@1.0.0'],
    ['PYTHON', 'Django', '', 'pkg:pypi/django@1.0.0'],
    [
      'JAVA',
      'org.apache.logging.log4j:log4j-core',
      '',
      'pkg:maven/org.apache.logging.log4j/log4j-core@1.0.0',
    ],
    ['RUBY', 'rails', '', 'pkg:gem/rails@1.0.0'],
    ['GO', 'golang.org/x/net', '', 'pkg:golang/golang.org/x/net@1.0.0'],
    ['PHP', 'symfony/console', '', 'pkg:composer/symfony/console@1.0.0'],
    ['DOTNET', 'Newtonsoft.Json', '', 'pkg:nuget/Newtonsoft.Json@1.0.0'],
    ['RUST', 'serde', '', 'pkg:cargo/serde@1.0.0'],
    // As the scan report calls types that Falcon has no word for.
    ['HEX', 'plug', '', 'pkg:hex/plug@1.0.0'],
    // A number says nothing; the file does.
    [3, 'lodash', 'app/node_modules/lodash/package.json', 'pkg:npm/lodash@1.0.0'],
    [
      '3',
      'requests',
      'usr/lib/python3/dist-packages/requests-1.0.0.dist-info/METADATA',
      'pkg:pypi/requests@1.0.0',
    ],
    [0, 'a:b', 'srv/app.jar', 'pkg:maven/a/b@1.0.0'],
  ]
  for (const [type, name, path, purl] of purls) {
    const members = [library({ name, path })]
    const { packages, reasons } = inventoryOfSent({ system, packages: [], libraries: [{ type, members }] })
    assert.deepEqual(reasons, [], `${type}`)
    assert.deepEqual(
      packages.map((one) => one.purl),
      [purl],
    )
  }
})

test('what cannot be understood is a reason that lowers the state', () => {
  const { packages, reasons } = inventoryOfSent({
    system,
    packages: [
      pack({ name: '' }),
      pack({ version: ' ' }),
      pack({ name: 'x'.repeat(2_000) }),
      pack({ provider: 'FOO' }),
    ],
    libraries: [
      { type: 7, members: [library({}), library({ name: 'right-pad' })] },
      { type: 'deb', members: [library({})] },
      { type: '__proto__', members: [library({})] },
    ],
  })
  assert.deepEqual(packages, [])
  assert.deepEqual(
    reasons.map(({ message }) => message),
    [
      '1 package was not judged: no name is told: (no name).',
      '1 package was not judged: no version is told: libexpat1.',
      `1 package was not judged: name or version have more than 1024 characters: ${'x'.repeat(60)}.`,
      '1 package was not judged: no package manager FOO is known: libexpat1.',
      '2 packages were not judged: the type 7 of application packages is not known: left-pad, right-pad.',
      '1 package was not judged: the type "deb" of application packages is not known: left-pad.',
      '1 package was not judged: the type "__proto__" of application packages is not known: left-pad.',
    ],
  )
  assert.ok(reasons.every(({ informational }) => !informational))
})

test('what was removed is not there, and the same package twice is one with two places', () => {
  const { packages } = inventoryOfSent(
    {
      system,
      packages: [pack({ status: 'deinstall ok config-files' })],
      libraries: [
        { type: 'NODE', members: [library({ path: 'a/package.json', layerIndex: 1 })] },
        { type: 'NODE', members: [library({ path: 'b/package.json', layerIndex: 9 })] },
      ],
    },
    2,
  )
  assert.deepEqual(
    packages.map(({ purl, locations }) => [
      purl,
      locations.map(({ path, layerIndex }) => [path, layerIndex]),
    ]),
    [
      [
        'pkg:npm/left-pad@1.0.0',
        [
          ['a/package.json', 1],
          ['b/package.json', -1],
        ],
      ],
    ],
  )
})

test('as many as the bound are read in no time, and one more is refused', () => {
  const started = performance.now()
  const same = Array.from({ length: sentLimits.packages }, () => pack({}))
  const { packages } = inventoryOfSent({ system, packages: same, libraries: [] })
  assert.equal(packages[0]?.locations.length, sentLimits.places)
  const nameless = same.map(() => pack({ name: '' }))
  inventoryOfSent({ system, packages: nameless, libraries: [] })
  assert.ok(performance.now() - started < 2000)
  assert.throws(() => inventoryOfSent({ system, packages: [...same, pack({})], libraries: [] }), {
    code: 'too-large',
  })
})
