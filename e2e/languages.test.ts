import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Package, Report } from '../packages/model/src/index.ts'
import { goContent } from './languages/go.ts'
import { dotnetContent, phpContent, rustContent } from './languages/handwritten.ts'
import { javaContent, javaExpected } from './languages/java.ts'
import { npmContent, npmFolders } from './languages/npm.ts'
import { pythonContent } from './languages/python.ts'
import { rubyContent } from './languages/ruby.ts'
import { inventory, namesOf, newUser } from './lanner.ts'
import { newFolder } from './suite.ts'
import { treeImage } from './tree-image.ts'

describe('an image with software of every language', () => {
  let report: Report
  let npm: readonly string[]
  let folders: readonly string[]
  let python: readonly string[]
  let ruby: readonly string[]
  let go: readonly string[]
  let rust: readonly string[]
  let dotnet: readonly string[]
  let php: readonly string[]

  before(async () => {
    const tree = newFolder('tree')
    ;[npm, python, ruby, go, rust] = await Promise.all([
      npmContent(tree),
      pythonContent(tree),
      rubyContent(tree),
      goContent(tree),
      rustContent(tree),
      javaContent(tree),
    ])
    dotnet = dotnetContent(tree)
    php = phpContent(tree)
    folders = await npmFolders(tree)
    report = await inventory(newUser('languages'), `oci:${await treeImage(tree)}`)
  })

  const ofType = (type: Package['type']) => report.packages.filter((item) => item.type === type)

  test('npm: each package that `npm ls` lists, in each of its folders', () => {
    assert.ok(npm.length > 60 && npm.some((row) => row.startsWith('@babel/')), npm.join('\n'))
    const names = new Set(npm.map((row) => row.slice(0, row.lastIndexOf(' '))))
    assert.ok(names.size < npm.length, 'some are there in two versions')
    assert.deepEqual(namesOf(report.packages, 'npm'), npm)
    const paths = ofType('npm').flatMap((item) => item.locations.map(({ path }) => path))
    assert.deepEqual(paths.sort(), folders)
  })

  test('Python: each distribution that importlib.metadata finds', () => {
    for (const row of [
      'lanner-e2e-wheel 1.2.3.post1',
      'lanner-egg 0.4',
      'lanner-installed 7',
      'lanner-stored 5.0+local.1',
      'lanner-zipped 2!1.0rc2',
    ])
      assert.ok(python.includes(row), `${row} is not among ${python.join(', ')}`)
    const found = ofType('pypi').map(
      ({ name, version }) => `${name.replaceAll(/[-_.]+/g, '-').toLowerCase()} ${version}`,
    )
    assert.deepEqual([...new Set(found)].sort(), python)
  })

  test('Ruby: each gem whose specification RubyGems evaluates', () => {
    assert.ok(ruby.length > 50, `${ruby.length} gems`)
    const found = ofType('gem').map(({ name, version, qualifiers, licenses = [] }) =>
      [name, version, qualifiers?.['platform'] ?? 'ruby', licenses.join(',')].join(' '),
    )
    assert.deepEqual(found.sort(), [...new Set(ruby)].sort())
  })

  test('Java: own, shaded and nested coordinates, manifests and file names', () => {
    const found = ofType('maven').flatMap((item) =>
      item.locations.map(
        ({ path }) => `${item.namespace ? `${item.namespace}/` : ''}${item.name} ${item.version} ${path}`,
      ),
    )
    assert.deepEqual(found.sort(), javaExpected.map((pair) => pair.join(' ')).sort())
  })

  test('Go: each module and toolchain that `go version -m` prints', () => {
    assert.ok(go.includes('lanner-tool example.com/strings v1.4.2'), go.join('\n'))
    assert.ok(go.includes('lanner-tool example.com/fork/replaced v0.2.0-rc.1'), go.join('\n'))
    const found = ofType('golang').flatMap((item) =>
      item.locations.map(({ path }) => {
        const name = item.namespace ? `${item.namespace}/${item.name}` : item.name
        return `${path.slice(path.lastIndexOf('/') + 1)} ${name} ${item.version}`
      }),
    )
    assert.deepEqual(found.sort(), go)
  })

  test('Rust: each crate of the audit record, build dependencies marked', () => {
    assert.deepEqual(namesOf(report.packages, 'cargo'), rust)
    const builders = ofType('cargo').filter(({ development }) => development)
    assert.deepEqual(namesOf(builders, 'cargo'), ['cc 1.0.83'])
  })

  test('.NET and PHP: each package of the record beside the application', () => {
    assert.deepEqual(namesOf(report.packages, 'nuget'), dotnet)
    assert.deepEqual(namesOf(report.packages, 'composer'), php)
    const development = ofType('composer').filter((item) => item.development)
    assert.deepEqual(namesOf(development, 'composer'), ['phpunit/phpunit 9.5.0'])
  })

  test('nothing else is claimed, and nothing could not be read', () => {
    const types = new Set(report.packages.map(({ type }) => type))
    for (const known of ['npm', 'pypi', 'gem', 'maven', 'golang', 'cargo', 'nuget', 'composer'] as const)
      types.delete(known)
    assert.deepEqual([...types], [])
    assert.deepEqual(
      report.reasons.filter(({ code }) => code === 'unreadable-evidence' || code === 'limit-exceeded'),
      [],
    )
  })
})
