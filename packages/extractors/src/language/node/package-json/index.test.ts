import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { nodePackageJson, placeOf } from './index.ts'

const installed = 'app/node_modules/x/package.json'

function json(document: unknown): string {
  return JSON.stringify(document)
}

const places: [path: string, place: ReturnType<typeof placeOf>][] = [
  ['app/node_modules/ms/package.json', 'installed'],
  ['node_modules/ms/package.json', 'installed'],
  ['app/node_modules/@babel/parser/package.json', 'installed'],
  ['app/node_modules/express/node_modules/debug/package.json', 'installed'],
  ['app/node_modules/.pnpm/ms@2.1.3/node_modules/ms/package.json', 'installed'],
  ['.yarn/unplugged/ms-npm-2.1.3-1/node_modules/ms/package.json', 'installed'],
  ['usr/share/nodejs/semver/package.json', 'installed'],
  ['usr/share/nodejs/@npmcli/arborist/package.json', 'installed'],
  ['usr/share/nodejs/npm/node_modules/tar/package.json', 'installed'],
  ['usr/lib/nodejs/nopt/package.json', 'installed'],
  ['app/test/node_modules/ms/package.json', 'installed'],
  ['app/node_modules/x/test/fixtures/package.json', 'part'],
  ['app/node_modules/x/dist/esm/package.json', 'part'],
  ['app/node_modules/@babel/package.json', 'part'],
  ['app/node_modules/@babel/parser/lib/package.json', 'part'],
  ['app/node_modules/package.json', 'part'],
  ['usr/share/nodejs/semver/test/package.json', 'part'],
  ['app/tests/data/package.json', 'part'],
  ['package.json', 'elsewhere'],
  ['opt/yarn-v1.22.19/package.json', 'elsewhere'],
  ['app/my_node_modules/ms/package.json', 'elsewhere'],
]

test('which package.json is a package', () => {
  for (const [path, place] of places) assert.equal(placeOf(path), place, path)
})

test('installed packages are declared, others inferred, parts nothing', () => {
  const content = json({ name: '@babel/parser', version: '7.23.6', license: 'MIT' })
  const [found] = observe(nodePackageJson, 'app/node_modules/@babel/parser/package.json', content).packages
  assert.deepEqual(found, {
    kind: 'package',
    type: 'npm',
    namespace: '@babel',
    name: 'parser',
    version: '7.23.6',
    licenses: ['MIT'],
    confidence: 'declared',
  })
  assert.equal(observe(nodePackageJson, 'opt/app/package.json', content).packages[0].confidence, 'inferred')
  const part = observe(nodePackageJson, 'node_modules/x/test/package.json', '{ not even JSON')
  assert.deepEqual(part, { packages: [], names: [], problems: [] })
})

const licenses: [document: object, expected: string[] | undefined][] = [
  [{ license: '(MIT OR Apache-2.0)' }, ['(MIT OR Apache-2.0)']],
  [{ license: { type: 'ISC', url: 'https://a.example' } }, ['ISC']],
  [{ licenses: [{ type: 'MIT' }, 'BSD', { type: 'MIT' }] }, ['MIT', 'BSD']],
  [{ license: ['MIT', { name: 'X11' }] }, ['MIT', 'X11']],
  [{ license: {} }, undefined],
  [{ license: 7, licenses: 'MIT' }, undefined],
]

test('forms of the licence', () => {
  for (const [document, expected] of licenses) {
    const found = observe(nodePackageJson, installed, json({ name: 'x', version: '1.0.0', ...document }))
    assert.deepEqual(found.packages[0].licenses, expected, json(document))
  }
})

test('without a name and a version there is no package', () => {
  const documents = [
    { type: 'module' },
    { name: 'x' },
    { version: '1.0.0' },
    { name: 'x', version: '' },
    { name: 'x', version: 1 },
    { name: 'x y', version: '1.0.0' },
    { name: '@a/b/c', version: '1.0.0' },
    { name: '../x', version: '1.0.0' },
    { name: 'x'.repeat(300), version: '1.0.0' },
  ]
  for (const document of documents) {
    assert.deepEqual(observe(nodePackageJson, installed, json(document)), {
      packages: [],
      names: [],
      problems: [],
    })
  }
})

test('what is installed counts in whatever version it states; a template elsewhere does not', () => {
  const document = json({ name: 'x', version: '{{version}}' })
  assert.deepEqual(observe(nodePackageJson, installed, document).names, ['x {{version}}'])
  assert.deepEqual(observe(nodePackageJson, 'srv/app/package.json', document).names, [])
})

test('malformed and truncated files fault', () => {
  const whole = json({ name: 'x', version: '1.0.0' })
  for (const content of ['', '{', whole.slice(0, -1), '[]', 'null', '"x"', '7']) {
    assert.deepEqual(observe(nodePackageJson, installed, content).problems, ['malformed'], content)
  }
})

test('a byte order mark is no fault', () => {
  assert.deepEqual(
    observe(nodePackageJson, installed, `\ufeff${json({ name: 'x', version: '1.0.0' })}`).names,
    ['x 1.0.0'],
  )
})

test('members named like those of an object prototype', () => {
  const content = '{"__proto__":{"name":"evil","version":"6.6.6"},"constructor":1,"toString":2}'
  assert.deepEqual(observe(nodePackageJson, installed, content).names, [])
  assert.equal(Object.hasOwn(Object.prototype, 'version'), false)
  assert.deepEqual(observe(nodePackageJson, installed, '{"name":"constructor","version":"1.0.0"}').names, [
    'constructor 1.0.0',
  ])
})

test('nesting without end neither crashes nor hangs', () => {
  const deep = `{"name":"x","version":"1.0.0","a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`
  const found = observe(nodePackageJson, installed, deep)
  assert.ok(found.names.length === 1 || found.problems.length === 1)
  assert.deepEqual(observe(nodePackageJson, installed, '['.repeat(2_000_000)).problems, ['malformed'])
})
