import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface FindingChange {
  readonly packageId: number
  readonly vulnerabilityId: string
  readonly kind: EventKind
  /** JSON, or null. */
  readonly before: string | null
  readonly after: string | null
}

/**
 * Tells every tenant what changed in its images, an event for each vulnerability, package and image; suppressed packages
 * are left out. One statement, whatever the number of images.
 */
export async function putChangeEvents(
  database: Database,
  changes: readonly FindingChange[],
  now: Date,
): Promise<number> {
  if (changes.length === 0) return 0
  const { numAffectedRows } =
    await sql`/* every tenant: a changed advisory concerns all who have the package */
    insert into change_event (cid, at, kind, vulnerability_id, digest, package, before, after)
    select owners.cid, ${now}, given.kind, given.vulnerability_id, owners.digest, package.purl, given.before::jsonb,
      given.after::jsonb
    from unnest(
      ${changes.map((change) => change.packageId)}::bigint[],
      ${changes.map((change) => change.vulnerabilityId)}::text[],
      ${changes.map((change) => change.kind)}::text[],
      ${changes.map((change) => change.before)}::text[],
      ${changes.map((change) => change.after)}::text[]
    ) as given (package_id, vulnerability_id, kind, before, after)
    join package on package.package_id = given.package_id
    join package_set_member as member on member.package_id = given.package_id and not member.suppressed
    join (select distinct cid, digest, set_id from image where set_id is not null) owners on owners.set_id = member.set_id`.execute(
      database,
    )
  return Number(numAffectedRows ?? 0)
}

export interface StoredEvent {
  readonly event_id: number
  readonly at: Date
  readonly kind: string
  readonly vulnerability_id: string
  readonly digest: string
  readonly package: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** What can happen to a finding. */
export const eventKinds = ['new', 'gone', 'severity_changed', 'fix_available', 'exploited'] as const
export type EventKind = (typeof eventKinds)[number]

/** A tenant's events after the given one, oldest first. */
export async function changeEventsAfter(
  database: Database,
  cid: string,
  after: number,
  limit: number,
  only: {
    readonly kinds: readonly string[] | null
    readonly vulnerability: string | null
    readonly digest: string | null
  } = { kinds: null, vulnerability: null, digest: null },
): Promise<readonly StoredEvent[]> {
  const kinds = only.kinds && [...only.kinds]
  const { rows } = await sql<StoredEvent>`
    select event_id, at, kind, vulnerability_id, digest, package, before, after from change_event
    where cid = ${cid} and event_id > ${after}
      and (${kinds}::text[] is null or kind = any(${kinds}::text[]))
      and (${only.vulnerability}::text is null or vulnerability_id = ${only.vulnerability})
      and (${only.digest}::text is null or digest = ${only.digest})
    order by event_id limit ${limit}`.execute(database)
  return rows
}

/** Makes the partition of a day, if there is none yet. Days are UTC. Global. */
export async function makeEventPartition(database: Database, day: Date): Promise<void> {
  const from = day.toISOString().slice(0, 10)
  const to = new Date(Date.parse(from) + 86_400_000).toISOString().slice(0, 10)
  const name = sql.id(`change_event_${from.replaceAll('-', '')}`)
  await sql`create table if not exists ${name} partition of change_event
    for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(database)
}

/** Drops the partitions of days before the given one; gives their names. Global. */
export async function dropEventPartitions(database: Database, before: Date): Promise<readonly string[]> {
  const limit = `change_event_${before.toISOString().slice(0, 10).replaceAll('-', '')}`
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    join pg_class child on child.oid = pg_inherits.inhrelid
    join pg_class parent on parent.oid = pg_inherits.inhparent
    where parent.relname = 'change_event' and child.relname ~ '^change_event_[0-9]{8}$' and child.relname < ${limit}`.execute(
    database,
  )
  for (const { name } of rows) await sql`drop table ${sql.id(name)}`.execute(database)
  return rows.map(({ name }) => name)
}
