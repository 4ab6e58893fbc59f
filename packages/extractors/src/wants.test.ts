import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineExtractor, MiB } from './extractor.ts'
import { pathPattern, WantedPaths } from './wants.ts'

const cases: readonly (readonly [glob: string, path: string, wanted: boolean])[] = [
  ['var/lib/dpkg/status', 'var/lib/dpkg/status', true],
  ['var/lib/dpkg/status', 'x/var/lib/dpkg/status', false],
  ['var/lib/dpkg/info/*.list', 'var/lib/dpkg/info/libc6:amd64.list', true],
  ['var/lib/dpkg/info/*.list', 'var/lib/dpkg/info/deeper/libc6.list', false],
  ['var/lib/dpkg/status.d/*', 'var/lib/dpkg/status.d/base', true],
  ['**/package.json', 'package.json', true],
  ['**/package.json', 'a/b/package.json', true],
  ['**/package.json', 'a/xpackage.json', false],
  ['**/node_modules/**/package.json', 'usr/lib/node_modules/npm/package.json', true],
  ['**/node_modules/**/package.json', 'node_modules/a/node_modules/b/package.json', true],
  ['**/node_modules/**/package.json', 'modules/package.json', false],
  ['**/*.jar', 'opt/app.jar', true],
  ['**/*.jar', 'app.jar', true],
  ['**/*.jar', 'app.jar/readme', false],
  ['**/libssl.so*', 'usr/lib/libssl.so.3', true],
  ['**/libssl.so*', 'usr/lib/libsslXso.3', false],
  ['**/*.dist-info/METADATA', 'lib/a-1.dist-info/METADATA', true],
  ['**/*.dist-info/METADATA', 'lib/a-1.dist-info/more/METADATA', false],
  ['**/*-gcc-*', 'usr/bin/x86_64-linux-gnu-gcc-12', true],
  ['**/*-gcc-*', 'usr/x-gcc-y/12', false],
  ['**/lib*ssl*.so', 'usr/lib/libxssly.so', true],
  ['**/lib*ssl*.so', 'usr/lib/libxy.so', false],
  ['**/*', 'x', true],
  ['opt/**/a-*.b', 'opt/x/y/a-1.b', true],
  ['opt/**/a-*.b', 'x/opt/y/a-1.b', false],
  ['**/x*x', 'a/x', false],
  ['**/x*y', 'a/xy', true],
  ['**/x*y', 'a/x/y', false],
  ['**/a+b.(c)', 'z/a+b.(c)', true],
]

for (const [glob, path, wanted] of cases) {
  test(`${glob} ${wanted ? 'wants' : 'leaves'} ${path}`, () => {
    const extractor = defineExtractor({
      id: 'x',
      revision: 1,
      finds: '',
      wants: { paths: [glob] },
      maxBytes: MiB,
      *extract() {},
    })
    assert.equal(pathPattern(glob).test(path), wanted)
    assert.equal(new WantedPaths([extractor]).of(path).length, wanted ? 1 : 0)
  })
}

test('two patterns of one extractor give it once; two extractors give both', () => {
  const make = (id: string, paths: readonly string[]) =>
    defineExtractor({ id, revision: 1, finds: '', wants: { paths }, maxBytes: MiB, *extract() {} })
  const matcher = new WantedPaths([
    make('a', ['**/*.json', '**/package.json']),
    make('b', ['**/package.json']),
  ])
  assert.deepEqual(
    matcher
      .of('x/package.json')
      .map(({ id }) => id)
      .sort(),
    ['a', 'b'],
  )
})

test('names of inherited properties are only names', () => {
  const extractor = defineExtractor({
    id: 'x',
    revision: 1,
    finds: '',
    wants: { paths: ['**/package.json'] },
    maxBytes: MiB,
    *extract() {},
  })
  for (const path of ['__proto__', 'constructor', 'a/toString'])
    assert.deepEqual(new WantedPaths([extractor]).of(path), [])
})

test('the longest path that a layer may hold is matched at once', () => {
  const shape = pathPattern('**/node_modules/**/package.json')
  const path = `${'node_modules/'.repeat(313)}package.jsoN`
  const started = performance.now()
  assert.equal(shape.test(path), false)
  assert.ok(performance.now() - started < 200)
})
