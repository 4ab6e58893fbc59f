import assert from 'node:assert/strict'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Finding, Report } from '../packages/model/src/index.ts'
import { advisoryFolder, importedStore, type OsvRecord, someSources } from './advisory-folder.ts'
import { type DebianImage, debianImage, dpkgOrders, type InstalledPackage } from './debian-image.ts'
import { assertExit, inventory, lanner, newUser, onlyReport, scanned, type User } from './lanner.ts'
import { python } from './peers.ts'
import { output } from './process.ts'
import { copyImage, type Registry, startRegistry } from './registry.ts'
import { madeFolder, newFolder, root, testData } from './suite.ts'
import { treeImage } from './tree-image.ts'

const login = { username: 'reader', password: 'correct horse battery staple' }

describe('a Debian image in a registry', () => {
  let image: DebianImage
  let registry: Registry
  let guarded: Registry
  let user: User
  let reference: string
  let known: Report

  before(async () => {
    ;[image, registry, guarded] = await Promise.all([
      debianImage(),
      startRegistry(newFolder('registry')),
      startRegistry(newFolder('registry'), login),
    ])
    user = newUser('debian')
    reference = `${registry.host}/team/debian:e2e`
    await copyImage(`oci:${image.layout}`, `docker://${reference}`)
    await copyImage(`oci:${image.layout}`, `docker://${guarded.host}/debian:e2e`, [
      `--dest-creds=${login.username}:${login.password}`,
    ])
    known = await inventory(user, `oci:${image.layout}`, '--no-cache')
  })

  after(async () => {
    await Promise.all([registry?.stop(), guarded?.stop()])
  })

  test('scanned by reference, its inventory is what dpkg-query says', async () => {
    const report = await inventory(user, reference, '--no-cache')
    assert.ok(image.packages.length > 100, `${image.packages.length} packages are a whole Debian`)
    assert.deepEqual(debianRows(report), dpkgRows(image.packages))
    assert.deepEqual([report.distribution?.id, report.distribution?.version], ['debian', '12'])
    assert.equal(report.image?.layers.length, 1)
  })

  test('whatever else is found belongs to a Debian package', async () => {
    const strangers = known.packages.filter((item) => item.type !== 'deb' && item.owner === undefined)
    assert.deepEqual(strangers, [])
    const owners = new Set(known.packages.filter((item) => item.type === 'deb').map((item) => item.purl))
    const owned = known.packages.filter((item) => item.owner !== undefined)
    assert.deepEqual(
      owned.filter((item) => !owners.has(item.owner as string)),
      [],
    )
    assert.ok(
      owned.some((item) => item.name === 'openssl'),
      'the openssl program is recognised',
    )
  })

  test('a second scan asks the registry for no layer', async () => {
    const first = await lanner(user, ['scan', '--json', '--inventory', reference])
    assertExit(first, 0)
    assert.doesNotMatch(first.stderr, /known/)
    const digest = onlyReport(JSON.parse(first.stdout)).image?.layers[0]?.digest as string
    const blob = registry.blobPath(digest)
    renameSync(blob, `${blob}.away`)
    try {
      const second = await lanner(user, ['scan', '--json', '--inventory', reference])
      assertExit(second, 0)
      assert.match(second.stderr, /^layer 1\/1 .* known$/m)
      assert.deepEqual(timeless(second.stdout), timeless(first.stdout))
      const uncached = await lanner(user, ['scan', '--inventory', '--no-cache', reference])
      assertExit(uncached, 3)
    } finally {
      renameSync(`${blob}.away`, blob)
    }
  })

  test('pulled by digest, with and without a tag beside it', async () => {
    const digest = known.image?.manifestDigest
    const repository = reference.slice(0, reference.lastIndexOf(':'))
    for (const pinned of [
      `${repository}@${digest}`,
      `${reference}@${digest}`,
      `docker://${repository}@${digest}`,
    ]) {
      const report = await inventory(user, pinned)
      assert.equal(report.image?.manifestDigest, digest)
      assert.deepEqual(debianRows(report), dpkgRows(image.packages))
    }
    const other = await lanner(user, ['scan', '--inventory', `${repository}@sha256:${'0'.repeat(64)}`])
    assertExit(other, 3)
    assert.match(other.stderr, /0{64}/)
  })

  test('an unknown tag, an unknown repository and a closed port are told apart', async () => {
    const cases: readonly (readonly [string, readonly (string | RegExp)[]])[] = [
      [
        `${registry.host}/team/debian:absent`,
        [registry.host, 'team/debian', 'absent', /not there|not found|unknown/],
      ],
      [`${registry.host}/team/nothing:e2e`, [registry.host, 'team/nothing', /not there|not found|unknown/]],
      ['127.0.0.1:1/team/debian:e2e', ['127.0.0.1:1', /refused/i]],
    ]
    for (const [absent, words] of cases) {
      const ended = await lanner(user, ['scan', '--inventory', '--quiet', absent])
      assertExit(ended, 3)
      for (const word of words) assert.match(ended.stderr, typeof word === 'string' ? literally(word) : word)
      assert.equal(ended.stdout, '')
      assert.doesNotMatch(ended.stderr, /unexpected error/)
    }
  })

  test('credentials come from docker, podman or standard input, and are never printed', async () => {
    const closed = `${guarded.host}/debian:e2e`
    const token = Buffer.from(`${login.username}:${login.password}`).toString('base64')
    const configuration = (auth: string) => JSON.stringify({ auths: { [guarded.host]: { auth } } })
    const docker = newFolder('docker')
    writeFileSync(join(docker, 'config.json'), configuration(token))
    const podman = join(newFolder('podman'), 'auth.json')
    writeFileSync(podman, configuration(token))

    for (const env of [{ DOCKER_CONFIG: docker }, { REGISTRY_AUTH_FILE: podman }]) {
      const report = onlyReport(await scanned(user, ['--inventory', '--no-cache', closed], { env }))
      assert.deepEqual(debianRows(report), dpkgRows(image.packages))
    }
    const typed = await scanned(
      user,
      ['--inventory', '--no-cache', '--username', login.username, '--password-stdin', closed],
      { input: `${login.password}\n` },
    )
    assert.deepEqual(debianRows(onlyReport(typed)), dpkgRows(image.packages))

    const wrong = newFolder('docker')
    const password = 'open sesame'
    writeFileSync(
      join(wrong, 'config.json'),
      configuration(Buffer.from(`${login.username}:${password}`).toString('base64')),
    )
    for (const env of [{ DOCKER_CONFIG: wrong }, {}]) {
      const ended = await lanner(user, ['scan', '--inventory', '--quiet', closed], { env })
      assertExit(ended, 3)
      assert.ok(ended.stderr.includes(guarded.host), ended.stderr)
      assert.match(ended.stderr, /credential|log ?in|sign|unauthorized|denied/i)
      assert.doesNotMatch(ended.stderr, /unexpected error|sesame|b3BlbiBzZXNhbWU/)
    }
  })

  test('zstd layers, Docker manifests and docker-archives hold the same', async () => {
    const folder = newFolder('copies')
    const plain = `dir:${join(folder, 'plain')}`
    const zstd = `${registry.host}/debian:zstd`
    await copyImage(`oci:${image.layout}`, plain, ['--dest-decompress'])
    await copyImage(plain, `dir:${join(folder, 'zstd')}`, ['--dest-compress', '--dest-compress-format=zstd'])
    await copyImage(`dir:${join(folder, 'zstd')}`, `docker://${zstd}`)
    const docker = `${registry.host}/debian:docker`
    await copyImage(`oci:${image.layout}`, `docker://${docker}`, ['--format=v2s2'])
    const archive = join(folder, 'saved.tar')
    await copyImage(`oci:${image.layout}`, `docker-archive:${archive}:example.com/debian:saved`)

    const expected = known.image?.layers[0]
    const copies: readonly (readonly [string, RegExp])[] = [
      [zstd, /tar\+zstd$/],
      [docker, /docker\.image\.rootfs\.diff\.tar\.gzip$/],
      [`docker-archive:${archive}`, /tar/],
      [`docker-archive:${archive}:example.com/debian:saved`, /tar/],
    ]
    for (const [copy, mediaType] of copies) {
      const report = await inventory(user, copy, '--no-cache')
      assert.match(report.image?.layers[0]?.mediaType ?? '', mediaType, copy)
      assert.equal(report.image?.layers[0]?.diffId, expected?.diffId, copy)
      assert.deepEqual(report.packages, known.packages, copy)
    }
  })

  test('findings are those that dpkg --compare-versions leads to', async () => {
    const sources = new Map(image.packages.map(({ source, sourceVersion }) => [source, sourceVersion]))
    const records = [...sources].flatMap(([name, version], index) =>
      ['0', `${version}~`, version, `${version}+x`, `${version}.0`, '999:0'].map(
        (fixed, at): OsvRecord => ({
          id: `DSA-${9000 + index}-${at + 1}`,
          ecosystem: 'Debian:12',
          name,
          fixed,
        }),
      ),
    )
    // A record of another release, of a name nobody has, and of an upper-case twin concern nothing here.
    const bystanders: readonly OsvRecord[] = [
      { id: 'DSA-8000-1', ecosystem: 'Debian:11', name: 'openssl', fixed: '999:0' },
      { id: 'DSA-8000-2', ecosystem: 'Debian:12', name: 'no-such-source', fixed: '999:0' },
      { id: 'DSA-8000-3', ecosystem: 'Debian:12', name: 'OpenSSL', fixed: '999:0' },
    ]
    const less = await dpkgOrders(records.map(({ name, fixed }) => [sources.get(name) as string, fixed]))
    const expected = records
      .filter((_, index) => less[index])
      .flatMap(({ id, name, fixed }) =>
        image.packages
          .filter(({ source }) => source === name)
          .map((item) => `${id} ${item.name} ${item.version} fixed in ${fixed}`),
      )
    const store = await importedStore(user, advisoryFolder([...records, ...bystanders]))
    const report = onlyReport(await scanned(user, ['--advisories', store, reference]))
    const found = counting(report).map((finding) => {
      const item = report.packages.find(({ purl }) => purl === finding.package)
      return `${finding.vulnerability.id} ${item?.name} ${item?.version} fixed in ${finding.fixedVersions.join(',')}`
    })
    assert.ok(expected.length > 300, `${expected.length} findings are expected`)
    assert.deepEqual(found.sort(), expected.sort())
  })

  test('real advisories lead to what dpkg --compare-versions says of them', {
    skip: !testData && 'needs LANNER_TEST_DATA',
  }, async () => {
    const folder = join(testData as string, 'advisories')
    const release = '10'
    const ranges = await debianRanges(join(folder, 'Debian', 'all.zip'), `Debian:${release}`)
    // Every source package that the advisories know, in the version that the first of them calls fixed.
    const versions = new Map<string, string>()
    for (const { name, fixed } of ranges)
      if (!versions.has(name)) versions.set(name, fixed === neverFixed ? '1' : fixed)
    const tree = newFolder('tree')
    writeFileSync(
      join(madeFolder(tree, 'var/lib/dpkg'), 'status'),
      [...versions].map(([name, version]) => statusStanza(name, version)).join('\n'),
    )
    writeFileSync(join(madeFolder(tree, 'etc'), 'os-release'), `ID=debian\nVERSION_ID="${release}"\n`)
    const below = await dpkgOrders(ranges.map(({ name, fixed }) => [versions.get(name) as string, fixed]))
    const reached = await dpkgOrders(
      ranges.map(({ name, introduced }) => [versions.get(name) as string, introduced]),
    )
    const expected = ranges
      .filter(
        (range, index) =>
          range.versions.includes(versions.get(range.name) as string) || (below[index] && !reached[index]),
      )
      .map(({ id, name }) => `${id} ${name}`)
    assert.ok(expected.length > 100, `${expected.length} of ${ranges.length} ranges hold`)

    const store = await importedStore(user, someSources(folder, ['Debian']))
    const report = onlyReport(await scanned(user, ['--advisories', store, `oci:${await treeImage(tree)}`]))
    assert.equal(report.packages.length, versions.size)
    const found = counting(report).flatMap((finding) => {
      const item = report.packages.find(({ purl }) => purl === finding.package)
      return finding.evidence
        .filter(({ verdict }) => verdict === 'affected')
        .map(({ advisory }) => `${advisory} ${item?.name}`)
    })
    assert.deepEqual([...new Set(found)].sort(), [...new Set(expected)].sort())
  })

  test('a bill of materials written from it is assessed like the image', async () => {
    const records = ['openssl', 'perl', 'glibc', 'curl'].map(
      (name, at): OsvRecord => ({ id: `DSA-7000-${at + 1}`, ecosystem: 'Debian:12', name, fixed: '999:0' }),
    )
    const store = testData
      ? await importedStore(user, someSources(join(testData, 'advisories'), ['Debian', 'EPSS', 'KEV']))
      : await importedStore(user, join(root, 'demo', 'advisories'))
    const stores = [store, await importedStore(user, advisoryFolder(records))]
    for (const advisories of stores) {
      const report = onlyReport(await scanned(user, ['--advisories', advisories, reference]))
      for (const format of ['cyclonedx', 'spdx']) {
        const file = join(madeFolder(user.home, format), 'bom.json')
        const written = await lanner(user, [
          ...['scan', '--quiet', '--format', format, '--output', file, '--advisories', advisories, reference],
        ])
        assertExit(written, 0)
        const again = onlyReport(await scanned(user, ['--advisories', advisories, `sbom:${file}`]))
        assert.equal(again.source, 'sbom')
        assert.equal(again.state, report.state)
        assert.deepEqual(debianRows(again), debianRows(report), format)
        assert.deepEqual(again.findings.map(essence).sort(), report.findings.map(essence).sort(), format)
      }
    }
  })
})

interface DebianRange {
  readonly id: string
  readonly name: string
  readonly introduced: string
  readonly fixed: string
  readonly versions: readonly string[]
}

/** Stands for the fix where there is none: above every real version. */
const neverFixed = '99999:0'

/** The ranges for one release in a zip of OSV records, read by Python. */
async function debianRanges(zip: string, ecosystem: string): Promise<readonly DebianRange[]> {
  const script = `
import json, sys, zipfile
rows = []
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.namelist():
        record = json.loads(archive.read(entry))
        if 'withdrawn' in record: continue
        for affected in record.get('affected', []):
            if affected['package']['ecosystem'] != sys.argv[2]: continue
            for span in affected.get('ranges', []):
                row = dict(id=record['id'], name=affected['package']['name'], versions=affected.get('versions', []))
                introduced = None
                for event in span['events']:
                    if 'introduced' in event: introduced = event['introduced']
                    if 'fixed' in event:
                        rows.append(dict(row, introduced=introduced, fixed=event['fixed']))
                        introduced = None
                if introduced is not None: rows.append(dict(row, introduced=introduced, fixed=sys.argv[3]))
json.dump(rows, sys.stdout)`
  return JSON.parse(await output(python, ['-c', script, zip, ecosystem, neverFixed]))
}

function statusStanza(name: string, version: string): string {
  const fields = { Package: name, Status: 'install ok installed', Architecture: 'amd64', Version: version }
  return Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')
}

function debianRows(report: Report): readonly string[] {
  return report.packages
    .filter((item) => item.type === 'deb')
    .map(({ name, version, arch, source }) =>
      [name, version, arch, source?.name ?? name, source?.version ?? version].join(' '),
    )
    .sort()
}

function dpkgRows(packages: readonly InstalledPackage[]): readonly string[] {
  return packages
    .map(({ name, version, arch, source, sourceVersion }) =>
      [name, version, arch, source, sourceVersion].join(' '),
    )
    .sort()
}

function counting(report: Report): readonly Finding[] {
  return report.findings.filter(({ suppressed }) => suppressed === undefined)
}

/** What has to survive a bill of materials. */
function essence(finding: Finding): string {
  const { vulnerability, verdict, severity, fixState, fixedVersions, suppressed } = finding
  return [
    vulnerability.id,
    finding.package,
    verdict,
    severity,
    fixState,
    fixedVersions.join(','),
    suppressed ? 'suppressed' : 'counts',
  ].join(' ')
}

/** A report set without the time it was made at. */
function timeless(text: string): unknown {
  return JSON.parse(text, (key, value) => (key === 'assessedAt' ? undefined : value))
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}
