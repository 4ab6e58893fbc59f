import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distributionCoverage } from '@lanner/matching'
import { sentDistribution } from './sent-distribution.ts'

// ID and VERSION_ID as the os-release of each distribution has them.
const named: readonly (readonly [text: string, id: string, version: string | undefined])[] = [
  ['Debian GNU/Linux 12', 'debian', '12'],
  ['Debian GNU/Linux 12 (bookworm)', 'debian', '12'],
  ['debian 12.5', 'debian', '12'],
  ['debian:11', 'debian', '11'],
  ['Debian-12', 'debian', '12'],
  ['Debian bookworm', 'debian', '12'],
  ['Debian GNU/Linux trixie/sid', 'debian', undefined],
  ['Ubuntu 22.04.4 LTS', 'ubuntu', '22.04'],
  ['ubuntu   24.04', 'ubuntu', '24.04'],
  ['Alpine Linux v3.19', 'alpine', '3.19'],
  ['alpine 3.19.1', 'alpine', '3.19.1'],
  ['Alpine Linux 3.22_alpha20250108', 'alpine', '3.22_alpha20250108'],
  ['Red Hat Enterprise Linux 9.4 (Plow)', 'rhel', '9.4'],
  ['Red Hat Enterprise Linux Server release 7.9', 'rhel', '7.9'],
  ['RHEL 8', 'rhel', '8'],
  ['CentOS Linux 7 (Core)', 'centos', '7'],
  ['Amazon Linux 2', 'amzn', '2'],
  ['Amazon Linux 2023.4.20240319', 'amzn', '2023.4.20240319'],
  ['Oracle Linux Server 8.9', 'ol', '8.9'],
  ['Rocky Linux 9.3 (Blue Onyx)', 'rocky', '9.3'],
  ['AlmaLinux 9.3 (Shamrock Pampas Cat)', 'almalinux', '9.3'],
  ['SUSE Linux Enterprise Server 15 SP5', 'sles', '15.5'],
  ['SLES 15.4', 'sles', '15.4'],
  ['openSUSE Leap 15.5', 'opensuse-leap', '15.5'],
  ['openSUSE Tumbleweed', 'opensuse-tumbleweed', undefined],
  ['Wolfi', 'wolfi', undefined],
  ['VMware Photon OS/Linux 5.0', 'photon', '5.0'],
  ['CBL-Mariner/Linux 2.0', 'mariner', '2.0'],
  ['Microsoft Azure Linux 3.0', 'azurelinux', '3.0'],
  ['Fedora Linux 39 (Container Image)', 'fedora', '39'],
]

for (const [text, id, version] of named)
  test(`${text} is ${id} ${version ?? 'without a version'}`, () => {
    const found = sentDistribution(text)?.distribution
    assert.deepEqual([found?.id, found?.version], [id, version])
  })

test('a name that begins like a known one is not that one', () => {
  for (const [text, id] of [
    ['Debianish 12', 'debianish'],
    ['Olive 8', 'olive'],
    ['Archipelago Linux 3', 'archipelago-linux'],
    ['Foo Linux 3.1', 'foo-linux'],
  ] as const) {
    const found = sentDistribution(text)?.distribution
    assert.equal(found?.id, id)
    assert.equal(found && distributionCoverage(found).state, 'unknown-distribution')
  }
})

test('text that says nothing is no distribution', () => {
  for (const text of ['', '   ', '12', '\u0000', '…']) assert.equal(sentDistribution(text), undefined)
})

test('long text is read in no time', () => {
  const started = performance.now()
  for (const text of [
    'debian '.repeat(1e5),
    `debian ${'linux '.repeat(1e5)}`,
    '-'.repeat(1e6),
    'a-'.repeat(5e5),
  ])
    sentDistribution(text)
  assert.ok(performance.now() - started < 1000)
})
