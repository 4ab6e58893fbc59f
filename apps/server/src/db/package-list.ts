import type { Checked, SortColumn } from '@lanner/fql'
import { distributionTypes } from '@lanner/model'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { compileFilter } from '../filters/compile-filter.ts'
import { compileSort } from '../filters/compile-sort.ts'
import { asksFor } from '../filters/same-row.ts'
import type { Database } from './database.ts'
import { packageColumns, packageFindingColumns } from './package-columns.ts'

/** Columns that are asked for, or one of the orders that lists have by themselves. */
export type PackageOrder = readonly SortColumn[] | 'name' | 'images' | 'vulnerabilities'

/** Which packages of a tenant are meant; what it holds is counted before, and what runs where the filter asks for it. */
export interface PackagePage {
  readonly filter?: Checked
  readonly order: PackageOrder
  readonly limit: number
  readonly offset: number
}

export interface ListedPackage {
  readonly package_id: number
  readonly name: string
  readonly version: string
  readonly type: string
  readonly licenses: readonly string[]
  readonly ai_related: boolean
  /** Of the tenant that have it. */
  readonly images: number
  readonly vulnerabilities: number
}

interface Page<Row> {
  readonly rows: readonly Row[]
  readonly total: number
}

const listed = sql.raw(`package.package_id, package.name, package.version, package.type, package.licenses,
  package.ai_related, held.images`)

function source(cid: string, filter: Checked | undefined): RawBuilder<unknown> {
  const running = asksFor(filter, 'running_images')
    ? sql`left join tenant_running_package as running
        on running.cid = ${cid} and running.package_id = held.package_id`
    : sql``
  return sql`tenant_package as held join package on package.package_id = held.package_id ${running}`
}

function orderOf(cid: string, order: PackageOrder): RawBuilder<unknown> {
  if (order === 'name') return sql`package.name, package.version, package.identity`
  if (order === 'images') return sql`held.images desc, package.vulnerabilities desc, package.identity`
  if (order === 'vulnerabilities')
    return sql`package.vulnerabilities desc, held.images desc, package.identity`
  return compileSort(order, packageColumns(cid), sql`package.identity`)
}

/** One page of packages, and how many there are in all. */
export async function packagePage(
  database: Database,
  cid: string,
  { filter, order, limit, offset }: PackagePage,
): Promise<Page<ListedPackage>> {
  const matched = sql`from ${source(cid, filter)}
    where held.cid = ${cid} and ${filter ? compileFilter(filter, packageColumns(cid)) : sql`true`}`
  const { rows } = await sql<ListedPackage & { total: number }>`
    select ${listed}, package.vulnerabilities, count(*) over () as total ${matched}
    order by ${orderOf(cid, order)} limit ${limit} offset ${offset}`.execute(database)
  return { rows, total: await totalOf(database, rows, offset, matched) }
}

/** Application packages by how many of their vulnerabilities have a fix, the most first; `vulnerabilities` is that number. */
export async function fixablePackagePage(
  database: Database,
  cid: string,
  { filter, limit, offset }: Omit<PackagePage, 'order'>,
): Promise<Page<ListedPackage>> {
  const matched = sql`from ${source(cid, filter)}
    join (select package_id, count(*)::int as vulnerabilities from finding where cardinality(fixed_versions) > 0
      group by package_id) as fixable on fixable.package_id = held.package_id
    where held.cid = ${cid} and package.type <> all(${[...distributionTypes]}::text[])
      and ${filter ? compileFilter(filter, packageColumns(cid)) : sql`true`}`
  const { rows } = await sql<ListedPackage & { total: number }>`
    select ${listed}, fixable.vulnerabilities, count(*) over () as total ${matched}
    order by fixable.vulnerabilities desc, held.images desc, package.identity
    limit ${limit} offset ${offset}`.execute(database)
  return { rows, total: await totalOf(database, rows, offset, matched) }
}

/** A package with one of its vulnerabilities, or with none. */
export interface ListedPackageFinding extends ListedPackage {
  readonly vulnerability_id: string | null
  readonly severity: number
  readonly fixed_versions: readonly string[]
  readonly description: string
}

/** One page of packages, a row for each vulnerability; a package without any has one row. */
export async function packageFindingPage(
  database: Database,
  cid: string,
  { filter, order, limit, offset }: PackagePage,
): Promise<Page<ListedPackageFinding>> {
  const condition = filter ? compileFilter(filter, packageFindingColumns(cid)) : sql<SqlBool>`true`
  const matched = sql`from ${source(cid, filter)}
    left join finding on finding.package_id = held.package_id where held.cid = ${cid} and ${condition}`
  const { rows } = await sql<ListedPackageFinding & { total: number }>`
    select page.*, coalesce(vulnerability.description, vulnerability.title, '') as description
    from (
      select ${listed}, package.vulnerabilities, finding.vulnerability_id, coalesce(finding.severity, 0) as severity,
        coalesce(finding.fixed_versions, '{}') as fixed_versions, count(*) over () as total,
        row_number() over (order by ${orderOf(cid, order)}, finding.vulnerability_id) as place
      ${matched} order by place limit ${limit} offset ${offset}
    ) as page left join vulnerability on vulnerability.vulnerability_id = page.vulnerability_id
    order by page.place`.execute(database)
  return { rows, total: await totalOf(database, rows, offset, matched) }
}

async function totalOf(
  database: Database,
  rows: readonly { readonly total: number }[],
  offset: number,
  matched: RawBuilder<unknown>,
): Promise<number> {
  const [first] = rows
  if (first || offset === 0) return first?.total ?? 0
  const counted = await sql<{ total: number }>`select count(*) as total ${matched}`.execute(database)
  return counted.rows[0].total
}

export interface PackageFinding {
  readonly package_id: number
  readonly vulnerability_id: string
  readonly severity: number
  readonly fixed_versions: readonly string[]
  readonly description: string
}

/** The findings of packages, the worst first. Global: the caller came by the packages through images of its tenant. */
export async function findingsOfPackages(
  database: Database,
  packageIds: readonly number[],
): Promise<readonly PackageFinding[]> {
  const { rows } = await sql<PackageFinding>`
    select finding.package_id, finding.vulnerability_id, finding.severity, finding.fixed_versions,
      coalesce(vulnerability.description, vulnerability.title, '') as description
    from finding join vulnerability on vulnerability.vulnerability_id = finding.vulnerability_id
    where finding.package_id = any(${[...packageIds]}::bigint[])
    order by finding.severity desc, finding.vulnerability_id`.execute(database)
  return rows
}

/** By package, how many of the tenant's images that containers run have it, as it was counted before; those that none has are left out. */
export async function runningImagesWith(
  database: Database,
  cid: string,
  packageIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ package_id: number; images: number }>`
    select package_id, images from tenant_running_package
    where cid = ${cid} and package_id = any(${[...packageIds]}::bigint[])`.execute(database)
  return new Map(rows.map((row) => [row.package_id, row.images]))
}
