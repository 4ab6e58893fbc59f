import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A package that is to be known: `identity` tells it from every other. */
export interface NewPackage {
  readonly identity: Buffer
  readonly contextId: number
  readonly type: string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses: readonly string[]
  /** JSON of PackageFacts. */
  readonly facts: string
  readonly names: readonly string[]
  readonly aiRelated: boolean
}

/** Id of a matching context; made when it is new. Global. */
export async function contextId(
  database: Database,
  identity: Buffer,
  distribution: string | null,
  repositoryCpes: readonly string[],
): Promise<number> {
  await sql`insert into matching_context (identity, distribution, repository_cpes)
    values (${identity}, ${distribution}::jsonb, ${[...repositoryCpes]}::text[])
    on conflict (identity) do nothing`.execute(database)
  const { rows } = await sql<{
    context_id: number
  }>`select context_id from matching_context where identity = ${identity}`.execute(database)
  return rows[0].context_id
}

/** Ids of the packages with these identities that are known already, by identity in hex. Global. */
export async function knownPackages(
  database: Database,
  identities: readonly Buffer[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ identity: Buffer; package_id: number }>`
    select identity, package_id from package where identity = any(${[...identities]}::bytea[])`.execute(
    database,
  )
  return new Map(rows.map((row) => [row.identity.toString('hex'), row.package_id]))
}

/**
 * Adds packages that are not there yet and gives the ids of those that were added, by identity in hex. In the order of
 * identity, so that two writers never wait for each other in a circle. Global.
 */
export async function addPackages(
  database: Database,
  packages: readonly NewPackage[],
  now: Date,
): Promise<Map<string, number>> {
  if (packages.length === 0) return new Map()
  const sorted = [...packages].sort((a, b) => Buffer.compare(a.identity, b.identity))
  const { rows } = await sql<{ identity: Buffer; package_id: number }>`
    insert into package (identity, context_id, type, name, version, purl, licenses, facts, ai_related, first_seen)
    select identity, context_id, type, name, version, purl,
      array(select jsonb_array_elements_text(licenses::jsonb)), facts::jsonb, ai_related, ${now}
    from unnest(
      ${sorted.map((item) => item.identity)}::bytea[],
      ${sorted.map((item) => item.contextId)}::bigint[],
      ${sorted.map((item) => item.type)}::text[],
      ${sorted.map((item) => item.name)}::text[],
      ${sorted.map((item) => item.version)}::text[],
      ${sorted.map((item) => item.purl)}::text[],
      ${sorted.map((item) => JSON.stringify(item.licenses))}::text[],
      ${sorted.map((item) => item.facts)}::text[],
      ${sorted.map((item) => item.aiRelated)}::boolean[]
    ) as given (identity, context_id, type, name, version, purl, licenses, facts, ai_related)
    on conflict (identity) do nothing
    returning identity, package_id`.execute(database)
  const added = new Map(rows.map((row) => [row.identity.toString('hex'), row.package_id]))
  const names: string[] = []
  const ids: number[] = []
  for (const item of sorted) {
    const id = added.get(item.identity.toString('hex'))
    if (id === undefined) continue
    for (const name of item.names) {
      names.push(name)
      ids.push(id)
    }
  }
  await sql`insert into package_name (name, package_id)
    select name, package_id from unnest(${names}::text[], ${ids}::bigint[]) as given (name, package_id)
    on conflict do nothing`.execute(database)
  return added
}

/** A package as matching needs it. */
export interface StoredPackage {
  readonly package_id: number
  readonly context_id: number
  readonly purl: string
  readonly facts: object
}

/** The packages that an advisory may call by one of these names. Global. */
export async function packagesByName(
  database: Database,
  names: readonly string[],
): Promise<readonly StoredPackage[]> {
  const { rows } = await sql<StoredPackage>`
    select package_id, context_id, purl, facts from package
    where package_id in (select package_id from package_name where name = any(${[...names]}::text[]))
    order by package_id`.execute(database)
  return rows
}

/** Every package after the given id, at most `limit`, in the order of their ids. Global. */
export async function packagesAfter(
  database: Database,
  after: number,
  limit: number,
): Promise<readonly StoredPackage[]> {
  const { rows } = await sql<StoredPackage>`
    select package_id, context_id, purl, facts from package
    where package_id > ${after} order by package_id limit ${limit}`.execute(database)
  return rows
}

export interface StoredContext {
  readonly context_id: number
  readonly distribution: object | null
  readonly repository_cpes: readonly string[]
}

/** Every matching context: as many as there are distributions and releases among the images. Global. */
export async function contexts(database: Database): Promise<readonly StoredContext[]> {
  const { rows } = await sql<StoredContext>`
    select context_id, distribution, repository_cpes from matching_context`.execute(database)
  return rows
}

/** Counts the findings of packages anew. Global. */
export async function countPackageFindings(database: Database, packageIds: readonly number[]): Promise<void> {
  await sql`
    update package set vulnerabilities = counted.vulnerabilities, highest_severity = counted.highest
    from (
      select given.package_id, count(finding.vulnerability_id)::int as vulnerabilities,
        coalesce(max(finding.severity), 0)::smallint as highest
      from unnest(${[...packageIds]}::bigint[]) as given (package_id)
      left join finding on finding.package_id = given.package_id
      group by given.package_id
    ) counted
    where package.package_id = counted.package_id
      and (package.vulnerabilities, package.highest_severity) is distinct from (counted.vulnerabilities, counted.highest)`.execute(
    database,
  )
}
