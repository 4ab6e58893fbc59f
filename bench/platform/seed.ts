import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { zstdCompressSync } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { profileId } from '../../apps/server/src/db/assessment-profile.ts'
import { type Database, databaseOf } from '../../apps/server/src/db/database.ts'
import { countVulnerableLayers } from '../../apps/server/src/db/image-content.ts'
import { contextId, countPackageFindings } from '../../apps/server/src/db/package.ts'
import { countSetFindings } from '../../apps/server/src/db/package-set.ts'
import { openPool } from '../../apps/server/src/db/pool.ts'
import { startPostgres } from '../../apps/server/src/db/supervisor.ts'
import {
  contextIdentity,
  packageIdentity,
  setIdentity,
  sharedFacts,
} from '../../apps/server/src/use-cases/assessment/identities.ts'
import { imageLayers } from '../../apps/server/src/use-cases/assessment/image-layers.ts'
import { importAdvisories } from '../../packages/advisories/src/index.ts'
import { extractorRevision } from '../../packages/assessment/src/index.ts'
import type { Digest, ImageFacts } from '../../packages/model/src/index.ts'
import {
  digestOf,
  distribution,
  type Estate,
  type EstatePackage,
  type EstateSet,
  everywhere,
  makeEstate,
  randomNumbers,
  sha256,
} from './estate.ts'

/** What was put into the database, as far as requests name it. */
export interface Seeded {
  /** Milliseconds. */
  readonly took: number
  /** Images with a known number of packages and findings, whose reports can be asked for. */
  readonly reported: readonly { readonly repository: string; readonly tag: string }[]
  readonly repositories: readonly string[]
  readonly vulnerabilities: readonly string[]
}

const reportedPerSet = 1
const batch = 250
const seenFrom = Date.UTC(2026, 0, 1)
const year = 365 * 86_400_000

/**
 * Fills the database of a data folder whose server made it and is stopped: the images of one tenant, with everything that the
 * server would have kept of them, and the advisories that it judges by.
 */
export async function seed(dataFolder: string, cid: string, images: number): Promise<Seeded> {
  const started = performance.now()
  const store = await importAdvisories(
    join(import.meta.dirname, '..', '..', 'demo', 'advisories'),
    join(dataFolder, 'advisories'),
    { now: () => new Date() },
  )
  const server = await startPostgres({ dataDir: dataFolder, settings: { max_wal_size: '4GB' } })
  const pool = openPool({ server: server.address, size: 2, statementTimeout: 0 })
  const database = databaseOf(pool)
  try {
    const estate = makeEstate(images)
    await fill(pool, database, cid, estate, images)
    await sql`insert into advisory_state (singleton, sequence, revision, changed_at, applied_sequence)
      values (true, 1, ${store.revision}, now(), 1) on conflict (singleton) do update
      set sequence = 1, revision = excluded.revision, applied_sequence = 1`.execute(database)
    await sql`analyze`.execute(database)
    await sql`checkpoint`.execute(database)
    return {
      took: performance.now() - started,
      ...namesIn(estate, images),
    }
  } finally {
    await database.destroy()
    await server.stop()
  }
}

function namesIn({ sets, vulnerabilities }: Estate, images: number): Omit<Seeded, 'took'> {
  const reported = sets.filter((set) => set.reported).length
  return {
    reported: imagesOf(sets, images)
      .filter(({ set, place }) => set.reported && place < reportedPerSet * reported)
      .map(({ place }) => nameOf(place)),
    repositories: Array.from({ length: 50 }, (_, at) => nameOf(at * 401).repository),
    vulnerabilities: vulnerabilities.map(({ id }) => id),
  }
}

/** Every set has an image; those that ask for reports have the first ones, in turn; of the others some have many. */
function imagesOf(
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

function nameOf(place: number): { repository: string; tag: string } {
  return { repository: `team-${place % 97}/service-${place % 4001}`, tag: `1.${Math.floor(place / 4001)}.0` }
}

async function fill(
  pool: pg.Pool,
  database: Database,
  cid: string,
  estate: Estate,
  images: number,
): Promise<void> {
  const { packages, sets } = estate
  const now = new Date().toISOString()
  const context = contextIdentity(distribution, [])
  const context_id = await contextId(database, context, JSON.stringify(distribution), [])
  const profile = await profileId(database, {
    identity: Buffer.from('bench'),
    contextId: context_id,
    packageTypes: ['deb', 'maven', 'npm', 'pypi'],
    ownState: 'assessed',
    empty: false,
    state: 'assessed',
    codes: [],
    reason: '',
  })
  const client = await pool.connect()
  try {
    // What refers to what is right by construction; rows need not be looked up one by one.
    await client.query(
      "set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'",
    )
    const copy = copyInto(client)
    await copy(
      'vulnerability (vulnerability_id, severity, cvss_score, cvss_vector, cps_rating, epss, exploited, published, title, description, malicious, facts, first_found)',
      vulnerabilityRows(estate, now),
    )
    await copy(
      'package (package_id, identity, context_id, type, name, version, purl, licenses, facts, first_seen)',
      map(packages, (pack) => [
        pack.id,
        bytes(packageIdentity(pack.facts, context)),
        context_id,
        pack.facts.type,
        pack.facts.name,
        pack.facts.version,
        pack.facts.purl,
        '{MIT}',
        JSON.stringify(sharedFacts(pack.facts)),
        now,
      ]),
    )
    await copy('package_name (name, package_id)', nameRows(packages))
    await copy(
      'finding (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions, facts, facts_digest, first_found)',
      findingRows(estate, now),
    )
    await copy(
      'package_set (set_id, identity, packages)',
      map(sets, ({ id, members }) => [
        id,
        bytes(setIdentity(members.map((member) => ({ packageId: member.id, suppressed: false })))),
        members.length,
      ]),
    )
    await copy('package_set_member (set_id, package_id, position, suppressed)', memberRows(sets))
    await client.query(`
      select setval(pg_get_serial_sequence('package', 'package_id'), ${packages.length}),
        setval(pg_get_serial_sequence('package_set', 'set_id'), ${sets.length})`)
    await client.query('analyze package, package_set, package_set_member, finding, vulnerability')
    for (let at = 0; at < packages.length; at += 10_000)
      await countPackageFindings(
        database,
        packages.slice(at, at + 10_000).map(({ id }) => id),
      )
    for (let at = 0; at < sets.length; at += batch)
      await countSetFindings(
        database,
        sets.slice(at, at + batch).map(({ id }) => id),
      )
    await fillImages(client, copy, cid, profile, sets, images)
    await client.query('analyze image_content, image')
    await checkCounts(database, sets)
  } finally {
    client.release(true)
  }
}

type Row = readonly (string | number | boolean | null)[]
type Copy = (target: string, rows: Iterable<Row>) => Promise<void>

/** Rows in the text format of COPY. Nothing that is seeded has a backslash, a tab or a line break in it but what `bytes` gives. */
function copyInto(client: pg.PoolClient): Copy {
  return async (target, rows) => {
    const stream = client.query(copyFrom(`copy ${target} from stdin`))
    await pipeline(Readable.from(chunks(rows), { objectMode: true, highWaterMark: 2 }), stream)
  }
}

function* chunks(rows: Iterable<Row>): Generator<Buffer> {
  let text = ''
  for (const row of rows) {
    let line = ''
    for (const value of row) line += `${line === '' ? '' : '\t'}${value === null ? '\\N' : value}`
    text += `${line}\n`
    if (text.length > 200_000) {
      yield Buffer.from(text)
      text = ''
    }
  }
  if (text !== '') yield Buffer.from(text)
}

function* map<T>(items: Iterable<T>, row: (item: T) => Row): Generator<Row> {
  for (const item of items) yield row(item)
}

function bytes(value: Buffer): string {
  return `\\\\x${value.toString('hex')}`
}

function* vulnerabilityRows({ vulnerabilities, packages }: Estate, now: string): Generator<Row> {
  const found = new Map(
    packages.flatMap(({ findings }) => findings.map((finding) => [finding.vulnerability, finding] as const)),
  )
  for (const [index, it] of vulnerabilities.entries()) {
    const finding = found.get(index)
    if (!finding) continue
    const [cvss] = it.cvss
    yield [
      it.id,
      finding.severity,
      cvss.score,
      cvss.vector,
      finding.cpsRating,
      it.epss?.score ?? null,
      it.exploited !== undefined,
      it.published ?? null,
      it.title ?? null,
      it.description ?? null,
      false,
      JSON.stringify(it),
      now,
    ]
  }
}

function* nameRows(packages: readonly EstatePackage[]): Generator<Row> {
  for (const { id, names } of packages) for (const name of new Set(names)) yield [name, id]
}

function* findingRows({ packages, vulnerabilities }: Estate, now: string): Generator<Row> {
  for (const { id, facts, findings } of packages) {
    for (const { vulnerability, severity, cpsRating, fixed } of findings) {
      const { id: name, cvss } = vulnerabilities[vulnerability]
      const system = facts.type === 'deb'
      const evidence = {
        advisory: system ? `DEBIAN-${name}` : `GHSA-${sha256(name).slice(0, 14)}`,
        feed: 'osv',
        ecosystem: system ? 'Debian:12' : facts.type,
        name: facts.source?.name ?? facts.name,
        matchedBy: system ? 'source' : 'name',
        version: facts.version,
        verdict: 'affected',
        scheme: system ? 'deb' : 'npm',
        range: `introduced 0${fixed ? `, fixed ${fixed}` : ''}`,
        fixedVersions: fixed ? [fixed] : [],
        fixState: fixed ? 'fixed' : 'not-fixed',
      }
      const ratings = [{ severity: 'high', source: `cvss 3.1 (${name})`, given: String(cvss[0].score) }]
      const kept = JSON.stringify({ ratings, evidence: [evidence] })
      yield [
        id,
        name,
        'affected',
        severity,
        cpsRating,
        fixed ? 'fixed' : 'not-fixed',
        fixed ? `{${fixed}}` : '{}',
        kept,
        createHash('md5').update(kept).digest('hex'),
        now,
      ]
    }
  }
}

function* memberRows(sets: readonly EstateSet[]): Generator<Row> {
  for (const { id, members } of sets)
    for (const [position, member] of members.entries()) yield [id, member.id, position, false]
}

async function fillImages(
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

/** The server's own statement finds nothing to correct, and the package that every image has is there. */
async function checkCounts(database: Kysely<never> | Database, sets: readonly EstateSet[]): Promise<void> {
  const own = database as Database
  const sample = sets.filter((_, at) => at % 25 === 0).map(({ id }) => id)
  const layers = () =>
    sql<{
      sum: number
    }>`select sum(layers_with_vulnerabilities) as sum from image_content where set_id = any(${sample}::bigint[])`
      .execute(own)
      .then(({ rows }) => rows[0].sum)
  const before = await layers()
  await countVulnerableLayers(own, sample)
  if ((await layers()) !== before) throw new Error('the seeded counts of layers are not those of the server')
  const { rows } = await sql<{ images: number; without: number }>`
    select count(*) as images, count(*) filter (where not exists (select from package_set_member as member
      join package on package.package_id = member.package_id
      where member.set_id = image.set_id and package.name = ${everywhere})) as without from image`.execute(
    own,
  )
  if (rows[0].without > 0) throw new Error(`${rows[0].without} images lack the package that all should have`)
}
