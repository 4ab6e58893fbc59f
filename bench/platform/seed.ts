import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import type pg from 'pg'
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
import { importAdvisories } from '../../packages/advisories/src/index.ts'
import { bytes, copyInto, map } from './copy-rows.ts'
import { distribution, type Estate, type EstateSet, everywhere, makeEstate } from './estate.ts'
import { findingRows, memberRows, nameRows, vulnerabilityRows } from './seed-findings.ts'
import { fillImages, imagesOf, nameOf, reportedPerSet } from './seed-images.ts'

/** What was put into the database, as far as requests name it. */
export interface Seeded {
  /** Milliseconds. */
  readonly took: number
  /** Images with a known number of packages and findings, whose reports can be asked for. */
  readonly reported: readonly { readonly repository: string; readonly tag: string }[]
  readonly repositories: readonly string[]
  readonly vulnerabilities: readonly string[]
}

const batch = 250

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
