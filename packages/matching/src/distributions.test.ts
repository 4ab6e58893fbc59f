import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { distributionCoverage } from './distributions.ts'
import { endOfLife } from './end-of-life.ts'
import { lookupName } from './lookup-name.ts'
import { distributionOf } from './testing/packages.ts'

/** os-release ID and VERSION_ID ⇒ some of the ecosystems that hold, as the OSV bucket names them. */
const covered: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  ['debian', '12', ['Debian:12']],
  ['debian', '6.0', ['Debian:6.0']],
  ['ubuntu', '22.04', ['Ubuntu:22.04:LTS']],
  ['ubuntu', '24.10', ['Ubuntu:24.10']],
  ['alpine', '3.19.1', ['Alpine:v3.19']],
  ['alpine', '3.11.6', ['Alpine:v3.11']],
  ['wolfi', '20230201', ['Wolfi']],
  ['chainguard', '20230214', ['Chainguard']],
  ['minimos', '20241031', ['MinimOS']],
  ['echo', undefined, ['Echo']],
  ['alpaquita', '23', ['Alpaquita:23']],
  ['alpaquita', 'stream', ['Alpaquita:stream']],
  ['bellsoft-hardened-containers', '25', ['BellSoft Hardened Containers:25']],
  ['almalinux', '9.4', ['AlmaLinux:9']],
  ['rocky', '8.10', ['Rocky Linux:8']],
  [
    'rhel',
    '8.9',
    [
      'Red Hat:enterprise_linux:8::baseos',
      'Red Hat:enterprise_linux:8::appstream',
      'Red Hat:enterprise_linux:8',
    ],
  ],
  ['rhel', '7.9', ['Red Hat:enterprise_linux:7::server', 'Red Hat:enterprise_linux:7']],
  [
    'rhel',
    '10.1',
    [
      'Red Hat:enterprise_linux:10',
      'Red Hat:enterprise_linux:10.1',
      'Red Hat:enterprise_linux:10.2',
      'Red Hat:enterprise_linux:10.10',
    ],
  ],
  [
    'sles',
    '15.5',
    [
      'SUSE:Linux Enterprise Server 15 SP5',
      'SUSE:Linux Enterprise Module for Basesystem 15 SP5',
      'SUSE:Linux Enterprise Module for Server Applications 15 SP5',
    ],
  ],
  ['sles', '15', ['SUSE:Linux Enterprise Server 15']],
  ['sles', '11.4', ['SUSE:Linux Enterprise Server 11 SP4', 'SUSE:Linux Enterprise Server 11 SP4-LTSS']],
  ['sles', '11.4', ['SUSE:Linux Enterprise Software Development Kit 11 SP4']],
  [
    'sles_sap',
    '11.4',
    [
      'SUSE:Linux Enterprise Server for SAP Applications 11 SP4',
      'SUSE:Linux Enterprise Server for SAP Applications 11 SP4-LTSS',
      'SUSE:Linux Enterprise Server 11 SP4-LTSS',
    ],
  ],
  [
    'sles',
    '15.1',
    [
      'SUSE:Linux Enterprise Module for Open Buildservice Development Tools 15 SP1',
      'SUSE:Linux Enterprise Module for Realtime packages 15 SP1',
    ],
  ],
  ['opensuse-leap', '15.6', ['openSUSE:Leap 15.6']],
  ['opensuse', '13.2', ['openSUSE:13.2']],
  ['opensuse', '42.3', ['openSUSE:Leap 42.3']],
  ['mageia', '9', ['Mageia:9']],
  ['photon', '3.0', ['Photon OS:3.0']],
  ['azurelinux', '3.0', ['Azure Linux:3']],
  ['mariner', '2.0', ['Azure Linux:2']],
]

test('a distribution is mapped to the ecosystems that hold for its release', () => {
  for (const [id, version, expected] of covered) {
    const coverage = distributionCoverage(distributionOf(id, version))
    assert.equal(coverage.state, 'covered', `${id} ${version}`)
    if (coverage.state !== 'covered') continue
    for (const ecosystem of expected) {
      assert.ok(coverage.ecosystems.includes(ecosystem), `${id} ${version}: ${ecosystem}`)
    }
  }
  const openEuler = distributionCoverage(
    distributionOf('openeuler', '22.03', { name: 'openEuler 22.03 (LTS-SP3)' }),
  )
  assert.deepEqual(openEuler.state === 'covered' && openEuler.ecosystems, ['openEuler:22.03-LTS-SP3'])
})

test('a Red Hat image is mapped by the CPEs of its repositories where they are known', () => {
  const coverage = distributionCoverage(distributionOf('rhel', '8.8'), [
    'cpe:/o:redhat:rhel_eus:8.8::baseos',
    'cpe:2.3:a:redhat:rhel_eus:8.8:*:appstream:*:*:*:*:*',
    'cpe:/a:redhat:ocp_tools:4.15::el9',
    'cpe:/a:example:other:1',
  ])
  assert.deepEqual(
    coverage.state === 'covered' && new Set(coverage.ecosystems),
    new Set([
      'Red Hat:rhel_eus:8.8::baseos',
      'Red Hat:rhel_eus:8.8::appstream',
      'Red Hat:rhel_eus:8.8',
      'Red Hat:enterprise_linux:8',
      'Red Hat:ocp_tools:4.15::el9',
      'Red Hat:ocp_tools:4.15',
    ]),
  )
})

test('errata since RHEL 10 name the minor release of their day: those after the image’s own hold, subscribers’ do not mix in', () => {
  const ecosystems = (cpe: string) => {
    const coverage = distributionCoverage(distributionOf('rhel', '10.8'), [cpe])
    return coverage.state === 'covered' ? new Set(coverage.ecosystems) : undefined
  }
  const mainline = ['10', '10.8', '10.9', '10.10'].map((release) => `Red Hat:enterprise_linux:${release}`)
  assert.deepEqual(ecosystems('cpe:/o:redhat:enterprise_linux:10.8'), new Set(mainline))
  assert.deepEqual(
    ecosystems('cpe:/o:redhat:enterprise_linux:10::baseos'),
    new Set([...mainline, 'Red Hat:enterprise_linux:10::baseos']),
  )
  assert.deepEqual(
    ecosystems('cpe:/o:redhat:enterprise_linux_eus:10.8'),
    new Set(['Red Hat:enterprise_linux_eus:10.8', 'Red Hat:enterprise_linux:10']),
  )
})

test('rolling releases, derivatives and distributions without a feed are not covered, and say so', () => {
  const uncovered: readonly (readonly [string, string | undefined, string, RegExp])[] = [
    ['debian', undefined, 'no-feed', /testing and unstable/],
    ['alpine', '3.22_alpha20250108', 'no-feed', /edge/],
    ['amzn', '2023', 'no-feed', /amzn 2023/],
    ['ol', '9.4', 'no-feed', /ol 9.4/],
    ['arch', undefined, 'no-feed', /arch/],
    ['somethingelse', '1', 'unknown-distribution', /not known/],
  ]
  for (const [id, version, state, words] of uncovered) {
    const coverage = distributionCoverage(distributionOf(id, version))
    assert.equal(coverage.state, state, id)
    assert.match('explanation' in coverage ? coverage.explanation : '', words)
  }
  for (const [id, like] of [
    ['linuxmint', ['ubuntu', 'debian']],
    ['raspbian', ['debian']],
    ['kali', ['debian']],
  ] as const) {
    const coverage = distributionCoverage(distributionOf(id, '12', { like }))
    assert.equal(coverage.state, 'no-feed', id)
    assert.match('explanation' in coverage ? coverage.explanation : '', /derives from .*do not hold/)
  }
})

test('names are looked up in the spelling that the ecosystem holds to be the same', () => {
  const names: readonly (readonly [string, string, string])[] = [
    ['PyPI', 'Zope.Interface', 'zope-interface'],
    ['Echo:PyPi', 'Flask_Cors', 'flask-cors'],
    ['NuGet', 'Newtonsoft.Json', 'newtonsoft.json'],
    ['Packagist', 'Drupal/Core', 'drupal/core'],
    ['npm', 'JSONStream', 'JSONStream'],
    ['Maven', 'org.Foo:Bar', 'org.Foo:Bar'],
    ['Go', 'github.com/Masterminds/goutils', 'github.com/Masterminds/goutils'],
    ['SwiftURL', 'https://github.com/Apple/swift-nio.git', 'github.com/apple/swift-nio'],
    ['AlmaLinux:9', 'ImageMagick', 'ImageMagick'],
  ]
  for (const [ecosystem, name, expected] of names) assert.equal(lookupName(ecosystem, name), expected)
})

test('a release is past its end of life from the day after', () => {
  const debian10 = distributionOf('debian', '10')
  assert.equal(endOfLife(debian10, new Date('2024-06-30T12:00:00Z')), undefined)
  assert.equal(endOfLife(debian10, new Date('2024-07-01T00:00:00Z'))?.date, '2024-06-30')
  assert.equal(endOfLife(distributionOf('alpine', '3.11.6'), new Date('2026-01-01'))?.date, '2021-11-01')
  assert.equal(endOfLife(distributionOf('alpine', '3.23.0'), new Date('2026-01-01')), undefined)
  assert.equal(endOfLife(distributionOf('wolfi', '20230201'), new Date('2026-01-01')), undefined)
  assert.equal(endOfLife(distributionOf('debian'), new Date('2026-01-01')), undefined)
})
