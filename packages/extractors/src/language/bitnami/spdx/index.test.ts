import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { bitnamiSpdx } from './index.ts'

const path = 'opt/bitnami/postgresql/.spdx-postgresql.spdx'

function listed(purl: string, more: object = {}): object {
  return {
    name: 'Display Name',
    versionInfo: '0',
    externalRefs: [
      { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:*:a:b:1:*:*:*:*:*:*:*' },
      { referenceType: 'purl', referenceLocator: purl },
    ],
    ...more,
  }
}

test('components by their purl', () => {
  const document = {
    spdxVersion: 'SPDX-2.3',
    packages: [
      listed('pkg:bitnami/postgresql@15.3.0-4?arch=amd64&distro=debian-11', {
        licenseDeclared: 'PostgreSQL',
      }),
      listed('pkg:bitnami/geos@3.8.3', { licenseDeclared: 'NOASSERTION' }),
      listed('pkg:npm/left-pad@1.3.0'),
      listed('pkg:bitnami/no-version'),
    ],
  }
  assert.deepEqual(observe(bitnamiSpdx, path, JSON.stringify(document)).packages, [
    {
      kind: 'package',
      type: 'bitnami',
      name: 'postgresql',
      version: '15.3.0-4',
      arch: 'amd64',
      licenses: ['PostgreSQL'],
      qualifiers: { distro: 'debian-11' },
      confidence: 'declared',
    },
    { kind: 'package', type: 'bitnami', name: 'geos', version: '3.8.3', confidence: 'declared' },
  ])
})

test('malformed, truncated and hostile documents', () => {
  const whole = JSON.stringify({ packages: [listed('pkg:bitnami/a@1')] })
  for (const content of ['', whole.slice(0, -1), '[]', 'SPDXVersion: SPDX-2.3'])
    assert.deepEqual(observe(bitnamiSpdx, path, content).problems, ['malformed'], content)
  const odd = {
    packages: [null, 7, { externalRefs: 'x' }, { externalRefs: [null] }, listed('pkg:bitnami/%E0%A4%A@1')],
  }
  assert.deepEqual(observe(bitnamiSpdx, path, JSON.stringify(odd)), { packages: [], names: [], problems: [] })
  const many = JSON.stringify({ packages: Array.from({ length: 10_001 }, () => ({})) })
  assert.deepEqual(observe(bitnamiSpdx, path, many).problems, ['limit-exceeded'])
})
