import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { lookupNames } from './lookup-names.ts'
import { matchPackages } from './match.ts'
import { listeningAdvisories } from './testing/listening-advisories.ts'
import { memoryAdvisories } from './testing/memory-advisories.ts'
import { distributionOf, packageOf } from './testing/packages.ts'

const now = new Date('2026-10-01T00:00:00Z')

test('the names of a package are spelt as its ecosystem looks them up', () => {
  const names = (facts: Omit<Parameters<typeof packageOf>[0], 'version'>, version = '1.0') =>
    lookupNames(packageOf({ ...facts, version }))
  assert.deepEqual(names({ type: 'deb', name: 'libssl3', source: { name: 'openssl' } }), [
    'libssl3',
    'openssl',
  ])
  assert.deepEqual(names({ type: 'deb', name: 'bash', source: { name: 'bash' } }), ['bash'])
  assert.deepEqual(names({ type: 'rpm', name: 'ImageMagick' }), ['ImageMagick'])
  assert.deepEqual(names({ type: 'apk', name: 'ssl_client', source: { name: 'busybox' } }), [
    'ssl_client',
    'busybox',
  ])
  // https://peps.python.org/pep-0503/#normalized-names
  assert.deepEqual(names({ type: 'pypi', name: 'Flask_SQLAlchemy' }), ['flask-sqlalchemy'])
  assert.deepEqual(names({ type: 'npm', namespace: '@Scope', name: 'Name' }), ['@Scope/Name'])
  assert.deepEqual(names({ type: 'nuget', name: 'Newtonsoft.Json' }), ['newtonsoft.json'])
  assert.deepEqual(names({ type: 'composer', namespace: 'Drupal', name: 'Core' }, '9.0.0'), ['drupal/core'])
  assert.deepEqual(names({ type: 'pypi', name: 'Zope.interface' }, '5.0+echo.1'), ['zope-interface'])
  assert.deepEqual(names({ type: 'generic', name: 'HTTPD' }), ['apache'])
  // Nothing is asked about a jar without a group, nor about a type that no feed covers.
  assert.deepEqual(names({ type: 'maven', name: 'commons' }), [])
  assert.deepEqual(names({ type: 'conda', name: 'numpy' }), [])
})

const distributions = [
  ['debian', '12'],
  ['ubuntu', '22.04'],
  ['echo', '1'],
  ['alpine', '3.19.1'],
  ['wolfi', '20230201'],
  ['chainguard', '20230214'],
  ['minimos', '1'],
  ['alpaquita', '23'],
  ['bellsoft-hardened-containers', '23'],
  ['almalinux', '9.3'],
  ['rocky', '8.9'],
  ['rhel', '8.9'],
  ['sles', '15.5'],
  ['opensuse-leap', '15.5'],
  ['opensuse-tumbleweed', '20240101'],
  ['openeuler', '22.03'],
  ['mageia', '9'],
  ['photon', '5.0'],
  ['azurelinux', '3.0'],
] as const
const types = [
  'deb',
  'rpm',
  'apk',
  'npm',
  'pypi',
  'gem',
  'maven',
  'golang',
  'cargo',
  'composer',
  'nuget',
] as const
const more = [
  'hex',
  'pub',
  'cran',
  'hackage',
  'swift',
  'julia',
  'opam',
  'bitnami',
  'generic',
  'conda',
] as const

/** A store that has records of every ecosystem there is. */
const every: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true })

test('matching asks for no other name, in any distribution, for any type', () => {
  let questions = 0
  for (const [id, version] of distributions) {
    const distribution = distributionOf(id, version)
    for (const type of [...types, ...more]) {
      for (const facts of [
        { name: 'Some_Name' },
        { namespace: 'Drupal', name: 'Some_Name', version: '1.0+echo.2' },
        { name: 'Some_Name', source: { name: 'Its_Source', version: '2.0' } },
      ]) {
        const pack = packageOf({ type, version: '1.0', ...facts }, distribution)
        const { reader, asked } = listeningAdvisories({ ...memoryAdvisories([]), ecosystems: () => every })
        matchPackages({ packages: [pack], distribution, now }, reader)
        for (const [ecosystem, names] of asked) {
          questions += names.size
          for (const name of names) {
            assert.ok(
              lookupNames(pack).includes(name),
              `${id}: ${ecosystem} was asked for ${name} (${pack.purl})`,
            )
          }
        }
      }
    }
  }
  assert.ok(questions > distributions.length * types.length, `${questions} questions`)
})
