import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  type BuiltImage,
  type BuiltIndex,
  type BuiltLayer,
  digestOf,
  image,
  index,
  layer,
} from '@lanner/testkit'

const demo = join(import.meta.dirname, '../../../../demo')

/** Where the demo's advisories lie. */
export const demoAdvisories = join(demo, 'advisories')

// Stored as they are: what a compressor makes of them differs from one release of zlib to the next, and digests with it.
const plain = (files: Parameters<typeof layer>[0]) => layer(files, { compression: 'none' })

/** The layers of the demo's image, base first. */
function demoLayers(): BuiltLayer[] {
  const blob = (digest: string) => readFileSync(join(demo, 'image/blobs', digest.replace(':', '/')))
  const { manifests } = JSON.parse(readFileSync(join(demo, 'image/index.json'), 'utf8'))
  const { layers } = JSON.parse(blob(manifests[0].digest).toString())
  return layers.map((descriptor: BuiltLayer['descriptor']): BuiltLayer => {
    const bytes = blob(descriptor.digest)
    const tar = gunzipSync(bytes)
    return { descriptor, bytes, tar, diffId: digestOf(tar), compression: 'gzip' }
  })
}

function released(id: string, name: string, version: string): string {
  return `ID=${id}\nNAME="${name}"\nVERSION_ID=${version}\nPRETTY_NAME="${name} ${version}"\n`
}

function nodePackage(name: string, version: string) {
  return { [`srv/app/node_modules/${name}/package.json`]: JSON.stringify({ name, version, license: 'MIT' }) }
}

const [debian, shop, cleanup] = demoLayers() as [BuiltLayer, BuiltLayer, BuiltLayer]

const alpine = plain({
  'etc/os-release': released('alpine', 'Alpine Linux', '3.22.1'),
  'lib/apk/db/installed':
    'P:busybox\nV:1.36.1-r28\nA:x86_64\no:busybox\nL:GPL-2.0-only\nS:500000\nI:900000\nF:bin\nR:busybox\n\n',
})

const config = {
  User: 'app',
  Env: ['PATH=/usr/bin'],
  Cmd: ['/srv/app/run'],
  Labels: { 'org.opencontainers.image.vendor': 'shop' },
}

/** The images of `commonImages.gateway`. */
export const gatewayPlatforms = [
  image({ layers: [alpine, plain(nodePackage('minimist', '0.0.8'))] }),
  image({ layers: [alpine, plain(nodePackage('minimist', '0.2.4'))], platform: 'linux/arm64' }),
] as const

/** Images that both tenants of an estate have, to the byte. */
export const commonImages = {
  /** Debian 12 with an expat to be updated. */
  base: image({ layers: [debian] }),
  /** The same with lodash, requests and log4j on top. */
  checkout: image({ layers: [debian, shop, cleanup], config: { config } }),
  /** Two platforms of Alpine. */
  gateway: index(gatewayPlatforms),
  /** A layer that ends in the middle. */
  damaged: image({
    layers: [layer({ 'etc/motd': 'cut' }, { compression: 'none', damage: 'truncated-tar' })],
  }),
  /** A distribution that no advisories are known for. */
  unknown: image({
    layers: [
      plain({
        'etc/os-release': released('heron', 'Heron Linux', '7'),
        'var/lib/dpkg/status':
          'Package: libexpat1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.5.0-1\nMaintainer: Heron\n\n',
        ...nodePackage('lodash', '4.17.4'),
      }),
    ],
  }),
} satisfies Record<string, BuiltImage | BuiltIndex>

/** Images that only one tenant has: every text of theirs that could show holds the mark. */
export function ownImages(mark: string): Record<'checkout' | 'ledger', BuiltImage> {
  const own = plain({
    [`srv/${mark}/node_modules/${mark}-ledger/package.json`]: JSON.stringify({
      name: `${mark}-ledger`,
      version: '1.0.0',
      license: 'MIT',
    }),
  })
  const labelled = {
    config: { ...config, Labels: { team: `${mark} team` } },
    history: [{ created: '2024-01-01T00:00:00Z', created_by: 'base' }, { created_by: `COPY ${mark} /srv` }],
  }
  return {
    checkout: image({ layers: [debian, own], config: labelled }),
    ledger: image({ layers: [alpine, own], config: { ...labelled, author: `${mark} author` } }),
  }
}

/** Records beside the demo's, by path: one for Alpine, and one for each tenant's own package. */
export function estateRecords(marks: readonly string[]): Record<string, unknown> {
  const record = (id: string, ecosystem: string, name: string, fixed: string, more: object) => ({
    schema_version: '1.6.0',
    id,
    modified: '2026-11-01T00:00:00Z',
    published: '2025-06-03T00:00:00Z',
    affected: [
      {
        package: { ecosystem, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
    ...more,
  })
  const own = marks.map((mark, at) => {
    const id = `GHSA-2222-3333-${at}${at}${at}${at}`.replaceAll('0', 'c').replaceAll('1', 'f')
    return [
      `npm/${id}.json`,
      record(id, 'npm', `${mark}-ledger`, '1.0.1', {
        aliases: [`CVE-2026-9000${at + 1}`],
        summary: `${mark} ledgers can be read by everybody`,
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
      }),
    ] as const
  })
  return {
    'Alpine/ALPINE-CVE-2024-90001.json': record(
      'ALPINE-CVE-2024-90001',
      'Alpine:v3.22',
      'busybox',
      '1.36.1-r29',
      {
        upstream: ['CVE-2024-90001'],
        summary: 'busybox reads one byte too many',
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:L/I:N/A:L' }],
      },
    ),
    ...Object.fromEntries(own),
  }
}
