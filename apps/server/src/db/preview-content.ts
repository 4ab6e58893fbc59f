import type { AdvisoryEvidence, PackageType } from '@lanner/model'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** The packages of each set by their ids, those that are suppressed with the sign turned. Global. */
export async function membersOfSets(
  database: Database,
  setIds: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { rows } = await sql<{ set_id: number; members: string }>`
    select set_id, array_agg(case when suppressed then -package_id else package_id end)::text as members
    from package_set_member where set_id = any(${[...setIds]}::bigint[]) group by set_id`.execute(database)
  return new Map(rows.map((row) => [row.set_id, numbersOf(row.members)]))
}

/** The numbers of `{1,-2,3}`. Millions of them are read, and a parser of any array takes ten times as long. */
function numbersOf(array: string): readonly number[] {
  const numbers: number[] = []
  let number = 0
  let sign = 1
  for (let at = 1; at < array.length; at++) {
    const code = array.charCodeAt(at)
    if (code >= 48 && code <= 57) number = number * 10 + code - 48
    else if (code === 45) sign = -1
    else {
      numbers.push(sign * number)
      number = 0
      sign = 1
    }
  }
  return numbers
}

/** What policies can ask of a package wherever it lies. */
export interface AskedPackage {
  readonly package_id: number
  readonly type: PackageType
  readonly namespace: string | null
  readonly name: string | null
  readonly version: string
  readonly purl: string
  readonly licenses: readonly string[] | null
}

/** Packages by their ids. Global. */
export async function askedPackages(
  database: Database,
  packageIds: readonly number[],
): Promise<readonly AskedPackage[]> {
  const { rows } = await sql<AskedPackage>`
    select package_id, type, facts ->> 'namespace' as namespace, facts ->> 'name' as name, version, purl,
      facts -> 'licenses' as licenses
    from package where package_id = any(${[...packageIds]}::bigint[])`.execute(database)
  return rows
}

/** What policies can ask of a finding beside its package and its vulnerability. */
export interface AskedFinding {
  readonly package_id: number
  readonly vulnerability_id: string
  readonly verdict: 'affected' | 'unknown'
  readonly severity: number
  readonly cps_rating: number
  readonly fixed_versions: readonly string[]
  /** Null also where it was not asked for. */
  readonly evidence: readonly AdvisoryEvidence[] | null
  /** Since when a fix is known here; null while there is none. */
  readonly fix_known_since: Date | null
}

/** The findings of packages. Global. */
export async function askedFindings(
  database: Database,
  packageIds: readonly number[],
  withEvidence: boolean,
): Promise<readonly AskedFinding[]> {
  const { rows } = await sql<AskedFinding>`
    select package_id, vulnerability_id, verdict, severity, cps_rating, fixed_versions, fix_known_since,
      ${withEvidence ? sql`facts -> 'evidence'` : sql`null`} as evidence
    from finding where package_id = any(${[...packageIds]}::bigint[])`.execute(database)
  return rows
}

/** What policies can ask of a vulnerability. */
export interface AskedVulnerability {
  readonly vulnerability_id: string
  readonly cvss_score: number | null
  readonly exploited: boolean
  /** These are null also where they were not asked for. */
  readonly aliases: readonly string[] | null
  readonly epss: number | null
  /** RFC 3339. */
  readonly published: string | null
}

/** What of a vulnerability is read from its record, which is long. */
export interface VulnerabilityFacts {
  readonly aliases: boolean
  readonly epss: boolean
  readonly published: boolean
}

/** Vulnerabilities by their ids. Global. */
export async function askedVulnerabilities(
  database: Database,
  ids: readonly string[],
  { aliases, epss, published }: VulnerabilityFacts,
): Promise<readonly AskedVulnerability[]> {
  const { rows } = await sql<AskedVulnerability>`
    select vulnerability_id, cvss_score, exploited,
      ${aliases ? sql`facts -> 'aliases'` : sql`null`} as aliases,
      ${epss ? sql`(facts #>> '{epss,score}')::float8` : sql`null`} as epss,
      ${published ? sql`facts ->> 'published'` : sql`null`} as published
    from vulnerability where vulnerability_id = any(${[...ids]}::text[])`.execute(database)
  return rows
}

/** A digest of what was found in each of these contents, the same where the same was found in the same layers. Global. */
export async function inventoryDigests(
  database: Database,
  contents: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ digest: string; inventory: string }>`
    select digest, md5(inventory) as inventory from image_content
    where digest = any(${[...contents]}::text[]) and inventory is not null`.execute(database)
  return new Map(rows.map((row) => [row.digest, row.inventory]))
}

/** What was found in one content, compressed. Global: the caller came by the digest through an image of its tenant. */
export async function storedInventory(database: Database, content: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ inventory: Buffer | null }>`
    select inventory from image_content where digest = ${content}`.execute(database)
  return rows[0]?.inventory ?? undefined
}
