import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, globSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Report } from '../../packages/model/src/index.ts'
import { image, layer } from '../../packages/testkit/src/index.ts'
import { advisoryFolder } from '../advisory-folder.ts'
import { type DebianImage, debianImage } from '../debian-image.ts'
import { newUser, onlyReport, scanned } from '../lanner.ts'
import { python } from '../peers.ts'
import { output } from '../process.ts'
import { copyImage } from '../registry.ts'
import { testData } from '../suite.ts'
import { type Api, eventually, signIn, startSignedIn } from './api.ts'
import { layoutOf, smallImage } from './images.ts'
import type { Platform } from './platform.ts'

/** A finding as every answer can say it. */
type Row = string

const repository = 'team/debian'
const filter = `repository:'${repository}'+tag:'one'`

describe('a real Debian image has the same inventory and findings everywhere', () => {
  let debian: DebianImage
  let platform: Platform
  let api: Api
  let scan: Report
  // biome-ignore lint/suspicious/noExplicitAny: read as its consumers do
  let report: any

  before(async () => {
    debian = await debianImage()
    // Beside real advisories, where there are any, made-up ones: a fresh Debian has few weaknesses.
    const advisories = advisoryFolder(
      ['openssl', 'perl', 'glibc', 'curl', 'zlib'].map((name, at) => ({
        ...{ id: `DSA-${70_000 + at}-1`, ecosystem: 'Debian:12', name },
        fixed: '999:0',
      })),
    )
    if (testData) await addReal(join(testData, 'advisories'), advisories)
    ;({ platform, api } = await startSignedIn({ args: ['--advisories', advisories] }))
    await push(debian.layout, 'one')
    const user = newUser('parity')
    const scanning = scanned(user, ['--advisories', advisories, `oci:${debian.layout}`])
    report = await eventually('the report', () => reportOf(repository, 'one'), 120_000)
    scan = onlyReport(await scanning)
  })

  after(async () => {
    await platform?.stop()
  })

  function push(layout: string, tag: string): Promise<void> {
    const { client_id, client_secret } = platform.credentials
    return copyImage(`oci:${layout}`, `docker://${platform.host}/${repository}:${tag}`, [
      `--dest-creds=${client_id}:${client_secret}`,
      '--preserve-digests',
    ])
  }

  async function reportOf(name: string, tag: string) {
    const { status, body } = await api.call('GET', '/reports', { query: { repository: name, tag } })
    return status === 200 ? body : undefined
  }

  test('/reports lists what dpkg lists, and what lanner scan finds', () => {
    const packages = (report.Packages as readonly Record<string, string>[]).map(
      ({ Product, MajorVersion, SoftwareArchitecture, PackageSource }) =>
        [Product, MajorVersion, SoftwareArchitecture, PackageSource].join(' '),
    )
    assert.deepEqual(
      packages.sort(),
      debian.packages
        .map(({ name, version, arch, source, sourceVersion }) =>
          [name, version, arch, source, sourceVersion].join(' '),
        )
        .sort(),
    )
    const found = (report.Vulnerabilities as readonly { Vulnerability: ReportedFinding }[]).map(
      ({ Vulnerability: { CVEID, Product, FixedVersions } }): Row =>
        [
          CVEID,
          Product.Product.split('/').at(-1)?.split(':').at(-1),
          Product.MajorVersion,
          ...FixedVersions,
        ].join(' '),
    )
    const scannedRows = rowsOf(scan)
    assert.ok(scannedRows.length > 0, 'something is found')
    assert.deepEqual(found.sort(), scannedRows)
  })

  test('GetCombinedImages counts it, and finds it by each of its vulnerabilities', async () => {
    const images = '/container-security/combined/image-assessment/images/v1'
    const [row] = await api.resources('GET', images, { query: { filter } })
    const cves = [...new Set(counting(scan).map(({ vulnerability }) => vulnerability.id))].sort()
    assert.equal(row.vulnerabilities, cves.length)
    assert.equal(row.packages, scan.packages.length)
    assert.equal(row.image_digest, scan.image?.manifestDigest)
    for (const cve of cves.filter((_, at) => at % Math.ceil(cves.length / 10) === 0)) {
      const query = { filter: `cve_id:'${cve}'+${filter}` }
      assert.equal((await api.resources('GET', images, { query })).length, 1, cve)
    }
    const query = { filter: `cve_id:'CVE-1999-0001'+${filter}` }
    assert.deepEqual(await api.resources('GET', images, { query }), [])
  })

  test('the CycloneDX report has the same components and vulnerabilities', async () => {
    const [bom] = await api.resources('GET', '/image-assessment/entities/reports/v2', {
      query: { repository, tag: 'one', report_format: 'cyclonedx-json' },
    })
    const components = bom.components as readonly { purl?: string }[]
    const purls = components.flatMap(({ purl }) => (purl === undefined ? [] : [bare(purl)]))
    const expected = scan.packages.map(({ purl }) => bare(purl))
    assert.deepEqual(purls.sort(), expected.sort())
    const ids = (bom.vulnerabilities as readonly { id: string }[]).map(({ id }) => id)
    assert.deepEqual(
      [...new Set(ids)].sort(),
      [...new Set(scan.findings.map(({ vulnerability }) => vulnerability.id))].sort(),
    )
  })

  test('another image of known layers is assessed without a byte of them', async () => {
    const [blob, made] = derivedImage(debian.layout)
    const at = globSync(`**/${made.layers[0]?.digest.slice('sha256:'.length)}`, {
      cwd: join(platform.folder, 'blobs'),
    })[0]
    assert.ok(at, 'the layer lies in the data directory')
    const path = join(platform.folder, 'blobs', at)
    await put(`/v2/${repository}/blobs/uploads/?digest=${digestOf(blob)}`, 'POST', blob)
    renameSync(path, `${path}.away`)
    try {
      const manifest = Buffer.from(JSON.stringify(made))
      await put(`/v2/${repository}/manifests/two`, 'PUT', manifest)
      const again = await eventually('the second report', () => reportOf(repository, 'two'))
      assert.notEqual(again.ImageInfo.Digest, report.ImageInfo.Digest)
      assert.deepEqual(again.Packages, report.Packages)
      assert.equal(again.Vulnerabilities.length, report.Vulnerabilities.length)
    } finally {
      renameSync(`${path}.away`, path)
    }
    const jobs = await api.resources('GET', '/lanner/v1/jobs', { query: { name: 'assess-pushed' } })
    const job = jobs.find(({ key }: { key: string }) => key === `${repository} two`)
    assert.deepEqual([job.progress.layersKnown, job.progress.layers], [1, 1])
  })

  test('unknown, pending and not assessable images: 404 with the reason', async (t) => {
    const unknown = await api.call('GET', '/reports', { query: { repository, tag: 'absent' } })
    assert.equal(unknown.status, 404)
    assert.match(unknown.body.errors[0].message, /team\/debian:absent: unknown/)

    const broken = image({ layers: [layer({ 'etc/os-release': 'ID=debian' }, { damage: 'truncated-blob' })] })
    await copyImage(`oci:${await layoutOf(broken, 'x')}:x`, `docker://${platform.host}/team/broken:x`, [
      `--dest-creds=${platform.credentials.client_id}:${platform.credentials.client_secret}`,
      '--preserve-digests',
    ])
    const message = await eventually('the end of the assessment', async () => {
      const { status, body } = await api.call('GET', '/reports', {
        query: { repository: 'team/broken', tag: 'x' },
      })
      assert.equal(status, 404)
      const text = body.errors[0].message as string
      return /pending/.test(text) ? undefined : text
    })
    assert.match(message, /team\/broken:x: not_assessable; .+/)

    const other = await startSignedIn({ args: ['--workers', '0', '--demo'] })
    t.after(() => other.platform.stop())
    const { credentials } = other.platform
    await copyImage(
      `oci:${await layoutOf(smallImage('pending'), 'x')}:x`,
      `docker://${other.platform.host}/team/pending:x`,
      [`--dest-creds=${credentials.client_id}:${credentials.client_secret}`],
    )
    const idle = await signIn(other.platform.url, credentials)
    for (const path of ['/reports', '/policy-checks']) {
      const pending = await idle.call('GET', path, { query: { repository: 'team/pending', tag: 'x' } })
      assert.equal(pending.status, 404)
      assert.match(pending.body.errors[0].message, /team\/pending:x: pending; .+/)
    }
  })

  async function put(path: string, method: string, body: Buffer): Promise<void> {
    const { client_id, client_secret } = platform.credentials
    const response = await fetch(new URL(path, platform.url), {
      method,
      body: new Uint8Array(body),
      headers: {
        Authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`,
        ...(method === 'PUT' ? { 'Content-Type': 'application/vnd.oci.image.manifest.v1+json' } : {}),
      },
    })
    assert.equal(response.status, 201, await response.text())
  }
})

/** Where there is an archive of records, single ones beside it are not read: they go into it. */
async function addReal(from: string, to: string): Promise<void> {
  const made = readdirSync(join(to, 'Debian'))
  for (const source of ['Debian', 'EPSS', 'KEV'])
    cpSync(join(from, source), join(to, source), { recursive: true })
  const script = `
import sys, zipfile
with zipfile.ZipFile('all.zip', 'a') as archive:
    for name in sys.argv[1:]: archive.write(name)`
  await output(python, ['-c', script, ...made], { cwd: join(to, 'Debian') })
}

interface ReportedFinding {
  readonly CVEID: string
  readonly Product: { readonly Product: string; readonly MajorVersion: string }
  readonly FixedVersions: readonly string[]
}

function counting(report: Report): Report['findings'] {
  return report.findings.filter(({ suppressed }) => suppressed === undefined)
}

function rowsOf(report: Report): readonly Row[] {
  const packages = new Map(report.packages.map((item) => [item.purl, item]))
  return counting(report)
    .map(({ vulnerability, package: purl, fixedVersions }) => {
      const item = packages.get(purl)
      return [vulnerability.id, item?.name, item?.version, ...fixedVersions].join(' ')
    })
    .sort()
}

/** Without qualifiers, which a bill of materials may say in another order. */
function bare(purl: string): string {
  return purl.split('?', 1)[0] as string
}

interface Manifest {
  readonly config: { readonly digest: string }
  readonly layers: readonly { readonly digest: string }[]
}

/** The config and the manifest of an image with the same layers and another label. */
function derivedImage(layout: string): readonly [config: Buffer, manifest: Manifest] {
  const read = (digest: string) =>
    JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'))
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'))
  const manifest = read(manifests[0].digest)
  const config = Buffer.from(
    JSON.stringify({ ...read(manifest.config.digest), config: { Labels: { which: 'two' } } }),
  )
  return [
    config,
    { ...manifest, config: { ...manifest.config, digest: digestOf(config), size: config.length } },
  ]
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
