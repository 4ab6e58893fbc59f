import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PackageFacts } from './package.ts'
import { formatPurl, normalizePypiName, type PackageUrl, parsePurl, purlOf } from './purl.ts'

// The examples of https://github.com/package-url/purl-spec/blob/main/README.md with the parts that the specification names.
const canonical: readonly (readonly [text: string, parts: PackageUrl])[] = [
  [
    'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
    {
      type: 'deb',
      namespace: 'debian',
      name: 'curl',
      version: '7.50.3-1',
      qualifiers: { arch: 'i386', distro: 'jessie' },
    },
  ],
  [
    'pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io',
    {
      type: 'docker',
      namespace: 'customer',
      name: 'dockerimage',
      version: 'sha256:244fd47e07d1004f0aed9c',
      qualifiers: { repository_url: 'gcr.io' },
    },
  ],
  [
    'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
    {
      type: 'golang',
      namespace: 'google.golang.org',
      name: 'genproto',
      qualifiers: {},
      subpath: 'googleapis/api/annotations',
    },
  ],
  [
    'pkg:npm/%40angular/animation@12.3.1',
    { type: 'npm', namespace: '@angular', name: 'animation', version: '12.3.1', qualifiers: {} },
  ],
  [
    'pkg:nuget/EnterpriseLibrary.Common@6.0.1304',
    { type: 'nuget', name: 'EnterpriseLibrary.Common', version: '6.0.1304', qualifiers: {} },
  ],
]

for (const [text, parts] of canonical) {
  test(`${text} is read and written alike`, () => {
    assert.deepEqual(parsePurl(text), parts)
    assert.equal(formatPurl(parts), text)
  })
}

const tolerated: readonly (readonly [text: string, canonical: string])[] = [
  ['PKG:NPM/lodash@4.17.4', 'pkg:npm/lodash@4.17.4'],
  ['pkg://npm/lodash@4.17.4', 'pkg:npm/lodash@4.17.4'],
  ['pkg:npm/@angular/core@1', 'pkg:npm/%40angular/core@1'],
  [
    'pkg:rpm/fedora/curl@7?Distro=fedora-25&arch=&=x&arch=i386',
    'pkg:rpm/fedora/curl@7?arch=i386&distro=fedora-25',
  ],
  ['pkg:golang/a//b@1#./x/../y/', 'pkg:golang/a/b@1#x/y'],
  // https://github.com/package-url/purl-spec/tree/main/tests/types, test_type `validate`
  [
    'pkg:oci/debian@sha256%3A244fd47e07d10?repository_url=docker.io/library/debian&arch=amd64',
    'pkg:oci/debian@sha256:244fd47e07d10?arch=amd64&repository_url=docker.io%2Flibrary%2Fdebian',
  ],
  ['pkg:composer/Laravel/Laravel@5.5.0', 'pkg:composer/laravel/laravel@5.5.0'],
  ['pkg:PYPI/Django_package@1.11.1.dev1', 'pkg:pypi/django-package@1.11.1.dev1'],
  ['pkg:pub/some-Package@1', 'pkg:pub/some_package@1'],
  ['pkg:rpm/Fedora/ImageMagick@7', 'pkg:rpm/fedora/ImageMagick@7'],
  ['pkg:npm/x@1?in%20production=true&9=x&os=linux', 'pkg:npm/x@1?os=linux'],
]

for (const [text, expected] of tolerated) {
  test(`${text} means ${expected}`, () => {
    const parsed = parsePurl(text)
    assert.equal(parsed && formatPurl(parsed), expected)
  })
}

for (const text of [
  '',
  'npm/lodash',
  'pkg:',
  'pkg:npm',
  'pkg:npm/',
  'pkg:/lodash',
  'pkg:n_m/x',
  'pkg:npm/%zz',
  'pkg:npm/x@%zz',
  'pkg:maven/@1.3.4',
  'pkg:swift/github.com/Alamofire/@5.4.3',
]) {
  test(`${JSON.stringify(text)} is no package URL`, () => {
    assert.equal(parsePurl(text), undefined)
  })
}

test('a qualifier called __proto__ is a qualifier and changes no prototype', () => {
  const parsed = parsePurl('pkg:npm/x@1?__proto__=y&constructor=z')
  assert.deepEqual(Object.keys(parsed?.qualifiers ?? {}), ['__proto__', 'constructor'])
  assert.equal(parsed && Object.getPrototypeOf(parsed.qualifiers), Object.prototype)
})

test('text of 4,097 characters is not read', () => {
  assert.equal(parsePurl(`pkg:npm/${'x'.repeat(4097 - 8)}`), undefined)
  assert.equal(parsePurl(`pkg:npm/${'x'.repeat(4096 - 8)}`)?.name.length, 4088)
})

test('half a surrogate pair in a name stops nothing', () => {
  assert.equal(formatPurl({ type: 'npm', name: 'a\ud800', qualifiers: {} }), 'pkg:npm/a%EF%BF%BD')
})

const debian = { id: 'debian', version: '12', like: [], path: 'etc/os-release' }
const facts: readonly (readonly [what: string, facts: Partial<PackageFacts>, purl: string])[] = [
  [
    'a deb names its distribution, its architecture and its source where that differs',
    { type: 'deb', name: 'libssl3', version: '3.0.11-1', arch: 'amd64', source: { name: 'openssl' } },
    'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl',
  ],
  [
    'a source of the same name and version says nothing new',
    { type: 'deb', name: 'openssl', version: '3.0.11-1', source: { name: 'openssl', version: '3.0.11-1' } },
    'pkg:deb/debian/openssl@3.0.11-1?distro=debian-12',
  ],
  [
    'a source of another version is told with it',
    { type: 'deb', name: 'libgcc1', version: '1:8.3.0-6', source: { name: 'gcc-8', version: '8.3.0-6' } },
    'pkg:deb/debian/libgcc1@1:8.3.0-6?distro=debian-12&upstream=gcc-8%408.3.0-6',
  ],
  [
    'an rpm keeps its epoch in a qualifier',
    { type: 'rpm', name: 'openssl', version: '1:1.1.1k-9.el8', arch: 'x86_64' },
    'pkg:rpm/debian/openssl@1.1.1k-9.el8?arch=x86_64&distro=debian-12&epoch=1',
  ],
  [
    'a Python name is normalised',
    { type: 'pypi', name: 'Zope.Interface_X', version: '5' },
    'pkg:pypi/zope.interface-x@5',
  ],
  [
    'a Go module keeps its spelling, which its advisories go by',
    { type: 'golang', namespace: 'github.com/BurntSushi', name: 'toml', version: 'v1.4.0' },
    'pkg:golang/github.com/BurntSushi/toml@v1.4.0',
  ],
  [
    'a plus in a version is encoded',
    { type: 'golang', namespace: 'example.com', name: 'm', version: 'v2.0.0+incompatible' },
    'pkg:golang/example.com/m@v2.0.0%2Bincompatible',
  ],
  ['a language package is of no distribution', { type: 'npm', name: 'x', version: '1' }, 'pkg:npm/x@1'],
]

for (const [what, given, expected] of facts) {
  test(what, () => {
    const whole = { confidence: 'declared', ...given } as PackageFacts
    assert.equal(purlOf(whole, debian), expected)
  })
}

test('without a distribution a package of one has no namespace, but for Arch', () => {
  const whole = (type: PackageFacts['type']) =>
    ({ type, name: 'x', version: '1', confidence: 'declared' }) as const
  assert.equal(purlOf(whole('deb')), 'pkg:deb/x@1')
  assert.equal(purlOf(whole('alpm')), 'pkg:alpm/arch/x@1')
})

test('PEP 503: runs of -, _ and . are one dash', () => {
  assert.equal(normalizePypiName('Foo.-_Bar__baz'), 'foo-bar-baz')
})
