import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A name that a vulnerability has. */
export interface NamedVulnerability {
  readonly name: string
  readonly vulnerability: string
}

/** The vulnerabilities that these are ids or aliases of. Global. */
export async function vulnerabilitiesNamed(
  database: Database,
  names: readonly string[],
): Promise<readonly NamedVulnerability[]> {
  const { rows: own } = await sql<NamedVulnerability>`
    select vulnerability_id as name, vulnerability_id as vulnerability from vulnerability
    where vulnerability_id = any(${[...names]}::text[])`.execute(database)
  const known = new Set(own.map(({ name }) => name))
  const others = names.filter((name) => !known.has(name))
  if (others.length === 0) return own
  const { rows: aliases } = await sql<NamedVulnerability>`
    select alias as name, vulnerability_id as vulnerability
    from vulnerability cross join lateral jsonb_array_elements_text(facts -> 'aliases') as alias
    where alias = any(${[...others]}::text[])`.execute(database)
  return [...own, ...aliases]
}

/** A vulnerability in a package. */
export interface HeldFinding {
  readonly vulnerability: string
  readonly purl: string
}

/** A vulnerability in a package, with what the package is called. */
export interface HeldPackageFinding extends HeldFinding {
  readonly aliases: readonly string[]
  readonly type: string
  readonly namespace: string | null
  readonly name: string
  readonly version: string
}

/** The packages of a tenant's images that have one of these vulnerabilities. */
export async function heldFindings(
  database: Database,
  cid: string,
  vulnerabilities: readonly string[],
): Promise<readonly HeldPackageFinding[]> {
  const { rows } = await sql<HeldPackageFinding>`
    select finding.vulnerability_id as vulnerability, package.purl, package.type, package.version,
      package.facts ->> 'namespace' as namespace, coalesce(package.facts ->> 'name', package.name) as name,
      coalesce(vulnerability.facts -> 'aliases', '[]') as aliases
    from finding join package on package.package_id = finding.package_id
    join vulnerability on vulnerability.vulnerability_id = finding.vulnerability_id
    where finding.vulnerability_id = any(${[...vulnerabilities]}::text[]) and exists (
      select from package_set_member as member join image on image.set_id = member.set_id
      where image.cid = ${cid} and member.package_id = finding.package_id and not member.suppressed
    )
    order by finding.vulnerability_id, package.purl`.execute(database)
  return rows
}

/** One of these vulnerabilities in a package of a set. */
export interface SetFinding extends HeldFinding {
  readonly set: number
}

/** The same by sets of packages. Global. */
export async function setFindings(
  database: Database,
  sets: readonly number[],
  vulnerabilities: readonly string[],
): Promise<readonly SetFinding[]> {
  const { rows } = await sql<SetFinding>`
    select member.set_id as set, finding.vulnerability_id as vulnerability, package.purl
    from package_set_member as member join finding on finding.package_id = member.package_id
    join package on package.package_id = member.package_id
    where member.set_id = any(${[...sets]}::bigint[]) and not member.suppressed
      and finding.vulnerability_id = any(${[...vulnerabilities]}::text[])`.execute(database)
  return rows
}

/** An image of a tenant under one name. */
export interface NamedImage {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly index_digest: string
  readonly architecture: string
  /** Its packages; null while it is not read. */
  readonly set: number | null
}

/** The images with one of these digests, of a manifest or an index, or in one of these repositories, up to a bound. */
export async function imagesNamed(
  database: Database,
  cid: string,
  {
    digests,
    repositories,
    most,
  }: { readonly digests: readonly string[]; readonly repositories: readonly string[]; readonly most: number },
): Promise<readonly NamedImage[]> {
  const { rows } = await sql<NamedImage>`
    select registry, repository, tag, digest, index_digest, architecture, set_id as set from (
      select * from image where cid = ${cid} and digest = any(${[...digests]}::text[])
      union
      select * from image
      where cid = ${cid} and index_digest = any(${[...digests]}::text[]) and index_digest <> ''
      union
      select * from image
      where cid = ${cid} and repository = any(${[...repositories]}::text[]) and superseded_at is null
    ) as image
    order by last_seen desc, image_uuid limit ${most}`.execute(database)
  return rows
}
