import { randomUUID } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import type pg from 'pg'
import { imageLayers } from '../../apps/server/src/use-cases/assessment/image-layers.ts'
import { extractorRevision } from '../../packages/assessment/src/index.ts'
import type { Digest, ImageFacts } from '../../packages/model/src/index.ts'
import { bytes, type Copy, map, type Row } from './copy-rows.ts'
import { digestOf, distribution, type EstateSet, randomNumbers } from './estate.ts'

/** How many images of a set whose reports are asked for can be asked for. */
export const reportedPerSet = 1
const seenFrom = Date.UTC(2026, 0, 1)
const year = 365 * 86_400_000

/** Every set has an image; those that ask for reports have the first ones, in turn; of the others some have many. */
export function imagesOf(
  sets: readonly EstateSet[],
  images: number,
): readonly { readonly place: number; readonly set: EstateSet }[] {
  const random = randomNumbers(7)
  const reported = sets.filter((set) => set.reported).length
  return Array.from({ length: images }, (_, place) => {
    if (place < reported * reportedPerSet) return { place, set: sets[place % reported] }
    if (place < sets.length) return { place, set: sets[place] }
    return { place, set: sets[Math.floor(sets.length * random() ** 1.5)] }
  })
}

/** What the image at a place is called. */
export function nameOf(place: number): { repository: string; tag: string } {
  return { repository: `team-${place % 97}/service-${place % 4001}`, tag: `1.${Math.floor(place / 4001)}.0` }
}

/** Puts in the images of a tenant, with what is kept of their content and layers. */
export async function fillImages(
  client: pg.PoolClient,
  copy: Copy,
  cid: string,
  profile: number,
  sets: readonly EstateSet[],
  images: number,
): Promise<void> {
  const made = imagesOf(sets, images).map(({ place, set }) => contentOf(place, set))
  await copy('layer (blob_digest, diff_id, size, inflated_size, entries, read_at)', layerRows(made))
  await copy('image_layer (digest, layer_index, layer_digest, chain_id)', imageLayerRows(made))
  await copy(
    'image_content (digest, config_digest, architecture, os, size, created, base_os, base_os_version, profile_id, set_id, unread_reasons, facts, manifest, config, inventory, package_layers, layers_with_vulnerabilities, extractor_revision, read_at)',
    contentRows(made, profile),
  )
  await client.query(
    'create temporary table named (digest text, registry text, repository text, tag text, uuid uuid, source text, first_seen timestamptz)',
  )
  const random = randomNumbers(11)
  await copy(
    'named',
    map(made, ({ place, facts }) => {
      const { repository, tag } = nameOf(place)
      const pushed = place % 3 !== 0
      return [
        facts.manifestDigest,
        pushed ? '' : 'registry.example.org',
        repository,
        tag,
        randomUUID(),
        pushed ? 'push' : 'registry',
        new Date(seenFrom + Math.floor(random() * year)).toISOString(),
      ]
    }),
  )
  await client.query(
    `insert into image (cid, image_uuid, registry, repository, tag, digest, index_digest, image_id, architecture, os, variant,
      source, base_os, base_os_version, state, state_reason, size, created, first_seen, last_seen, assessed_at, is_base_image,
      set_id, profile_id, packages, vulnerabilities, critical, high, medium, low, highest_severity, highest_cps_rating,
      layers_with_vulnerabilities, detections, highest_detection_severity, actor)
    select $1, named.uuid, named.registry, named.repository, named.tag, content.digest, '',
      split_part(content.config_digest, ':', 2), content.architecture, content.os, '', named.source, content.base_os,
      content.base_os_version, 'assessed', '', content.size, content.created, named.first_seen, named.first_seen,
      named.first_seen, false, content.set_id, content.profile_id, package_set.packages, package_set.vulnerabilities,
      package_set.critical, package_set.high, package_set.medium, package_set.low, package_set.highest_severity,
      package_set.highest_cps_rating, content.layers_with_vulnerabilities, 0, 0, 'bench'
    from named join image_content as content on content.digest = named.digest
    join package_set on package_set.set_id = content.set_id`,
    [cid],
  )
}

interface Made {
  readonly place: number
  readonly set: EstateSet
  readonly facts: ImageFacts
}

/** An image on the layers of its set, with one of its own on top. */
function contentOf(place: number, set: EstateSet): Made {
  const digests = [...set.layerDigests, digestOf(`image ${place}`)]
  return {
    place,
    set,
    facts: {
      reference: '',
      manifestDigest: digestOf(`manifest ${place}`),
      configDigest: digestOf(`config ${place}`),
      platform: { os: 'linux', architecture: place % 8 === 0 ? 'arm64' : 'amd64' },
      created: new Date(seenFrom + (place % 365) * 86_400_000).toISOString(),
      layers: digests.map((digest, index) => ({
        index,
        digest,
        diffId: diffIdOf(digest),
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        size: 10_000_000 + index,
        inflatedSize: 30_000_000 + index,
        entries: 900,
        createdBy: `/bin/sh -c install the things of layer ${index}`,
      })),
      distribution,
      labels: { 'org.opencontainers.image.title': `service ${place}` },
      user: '1000',
      entrypoint: ['/usr/bin/serve'],
    },
  }
}

/** Any other digest that stands for it: no two layers have the same. */
function diffIdOf(digest: Digest): Digest {
  return `sha256:${digest.slice(39)}${digest.slice(7, 39)}` as Digest
}

function* layerRows(made: readonly Made[]): Generator<Row> {
  const known = new Set<string>()
  const now = new Date().toISOString()
  for (const { facts } of made)
    for (const { digest, diffId, size, inflatedSize, entries } of facts.layers) {
      if (known.has(digest)) continue
      known.add(digest)
      yield [digest, diffId, size, inflatedSize, entries, now]
    }
}

function* imageLayerRows(made: readonly Made[]): Generator<Row> {
  for (const { facts } of made)
    for (const [index, { digest, chainId }] of imageLayers(facts.layers).entries())
      yield [facts.manifestDigest, index, digest, bytes(chainId)]
}

function* contentRows(made: readonly Made[], profile: number): Generator<Row> {
  const inventories = new Map<EstateSet, string>()
  const places = new Map<EstateSet, string>()
  const read = extractorRevision()
  const now = new Date().toISOString()
  for (const { set, facts } of made) {
    const { manifestDigest, configDigest, platform, created = '', layers } = facts
    if (set.reported && !inventories.has(set)) inventories.set(set, bytes(inventoryOf(set, facts)))
    if (!places.has(set)) places.set(set, `{${set.layers.join()}}`)
    yield [
      manifestDigest,
      configDigest,
      platform.architecture,
      platform.os,
      layers.reduce((sum, layer) => sum + layer.size, 0),
      created,
      distribution.name ?? '',
      distribution.version ?? '',
      profile,
      set.id,
      '[]',
      JSON.stringify(facts),
      manifestOf(facts),
      configOf(facts),
      inventories.get(set) ?? null,
      places.get(set) ?? '{}',
      set.vulnerableLayers,
      read,
      now,
    ]
  }
}

function manifestOf({ configDigest, layers }: ImageFacts): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configDigest, size: 2000 },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  })
}

function configOf({ platform, created, layers, labels, user, entrypoint }: ImageFacts): string {
  return JSON.stringify({
    ...platform,
    created,
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
      Entrypoint: entrypoint,
      Labels: labels,
      User: user,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  })
}

function inventoryOf({ members, layers }: EstateSet, facts: ImageFacts): Buffer {
  const packages = members.map(({ facts: pack }, at) => ({
    ...pack,
    locations: [
      {
        path: pack.type === 'deb' ? 'var/lib/dpkg/status' : `srv/app/node_modules/${pack.name}/package.json`,
        layer: facts.layers[layers[at]].diffId,
        layerIndex: layers[at],
        extractor: pack.type === 'deb' ? 'os/dpkg' : `language/${pack.type}`,
      },
    ],
  }))
  return zstdCompressSync(JSON.stringify({ distribution, packages, repositoryCpes: [], reasons: [] }))
}
