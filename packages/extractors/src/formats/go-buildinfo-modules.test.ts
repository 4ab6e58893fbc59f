import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGoModules } from './go-buildinfo-modules.ts'

test('reads path, main module, dependencies, replacements and settings', () => {
  const text = [
    'path\texample.org/a/cmd/a',
    'mod\texample.org/a\tv1.0.0\th1:AAAA=',
    'dep\texample.org/b\tv0.1.0\th1:BBBB=',
    'dep\texample.org/c\tv0.2.0',
    '=>\texample.org/fork\tv0.2.1\th1:CCCC=',
    'dep\texample.org/d\tv0.3.0',
    '=>\t./d',
    'build\t-compiler=gc',
    'build\t-ldflags="-X \'main.version=1 \\"2\\" \\x41\\u00e9\' -s"',
    'build\t`-tags`=`a b`',
    'unheard\tof',
    '',
  ].join('\n')
  const { path, main, dependencies, settings } = parseGoModules(text)
  assert.equal(path, 'example.org/a/cmd/a')
  assert.deepEqual(main, { path: 'example.org/a', version: 'v1.0.0' })
  assert.deepEqual(dependencies, [
    { path: 'example.org/b', version: 'v0.1.0' },
    {
      path: 'example.org/c',
      version: 'v0.2.0',
      replacement: { path: 'example.org/fork', version: 'v0.2.1' },
    },
    { path: 'example.org/d', version: 'v0.3.0', replacement: { path: './d', version: '' } },
  ])
  assert.deepEqual(
    [...settings],
    [
      ['-compiler', 'gc'],
      ['-ldflags', `-X 'main.version=1 "2" Aé' -s`],
      ['-tags', 'a b'],
    ],
  )
})

test('a replacement without a module before it is nobody’s', () => {
  assert.deepEqual(parseGoModules('=>\texample.org/a\tv1.0.0\n').dependencies, [])
  const twice = parseGoModules('dep\ta.org/a\tv1.0.0\n=>\ta.org/b\tv1.0.0\n=>\ta.org/c\tv1.0.0\n')
  assert.equal(twice.dependencies[0].replacement?.path, 'a.org/b')
})

test('more modules than any program has are refused', () => {
  assert.throws(() => parseGoModules('dep\ta.org/a\tv1.0.0\n'.repeat(100_001)), { code: 'limit-exceeded' })
})

test('settings named like object properties are settings', () => {
  assert.equal(parseGoModules('build\t__proto__=x\n').settings.get('__proto__'), 'x')
})
