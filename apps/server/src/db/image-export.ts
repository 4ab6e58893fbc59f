import { type RawBuilder, sql } from 'kysely'
import { baseLayers } from './base-layers.ts'
import type { Database } from './database.ts'
import {
  type ImagePage,
  imageOrder,
  imagesWhere,
  type ListedImage,
  listedColumns,
  maxListTotal,
} from './image-list.ts'

/** Which lists inside an image become rows of their own. */
export interface Expansion {
  readonly vulnerabilities: boolean
  readonly detections: boolean
}

/** An image with one vulnerability or one detection, or with neither where it has none. */
export interface ExpandedImage extends Omit<ListedImage, 'ai_related'> {
  readonly vulnerability_id: string | null
  readonly severity: number | null
  readonly cps_rating: number | null
  readonly first_found: Date | null
  readonly packages_impacted: number | null
  readonly package_name_version: string | null
  readonly cvss_score: number | null
  readonly exploited: boolean | null
  readonly published: Date | null
  readonly description: string | null
  readonly detection_name: string | null
  readonly detection_type: string | null
  readonly detection_severity: number | null
  readonly ai_related: boolean
}

/** The vulnerabilities of the row `image`, each once and at its worst. */
function vulnerabilitiesOf(cid: string, withoutBase: boolean | undefined): RawBuilder<unknown> {
  const own = sql`join image_content as content on content.digest = image.content_digest
    cross join ${baseLayers(cid, sql`image.content_digest`)} as base`
  const above = sql`and (base.layers = 0 or content.package_layers[member.position + 1] >= base.layers)`
  return sql`
    select finding.vulnerability_id, max(finding.severity) as severity, max(finding.cps_rating) as cps_rating,
      min(finding.first_found) as first_found, count(*) as packages_impacted,
      string_agg(package.name || ' ' || package.version, ', ' order by package.name, package.version) as package_name_version
    from package_set_member as member
    join package on package.package_id = member.package_id
    join finding on finding.package_id = member.package_id
    ${withoutBase ? own : sql``}
    where member.set_id = image.set_id and not member.suppressed ${withoutBase ? above : sql``}
    group by finding.vulnerability_id`
}

function expanded(cid: string, page: ImagePage, into: Expansion): RawBuilder<unknown> {
  const vulnerabilities = sql`
    select 0 as kind, found.*, vulnerability.cvss_score, vulnerability.exploited, vulnerability.published,
      vulnerability.description, null as detection_name, null as detection_type, null::smallint as detection_severity
    from (${vulnerabilitiesOf(cid, page.withoutBase)}) as found
    join vulnerability on vulnerability.vulnerability_id = found.vulnerability_id`
  const detections = sql`
    select 1 as kind, detection.detection_id as vulnerability_id, detection.severity, null::smallint, null::timestamptz,
      null::bigint, null, null::real, null::boolean, null::timestamptz, null,
      detection.name, detection.type, detection.severity
    from detection where detection.digest = image.content_digest`
  const parts = [...(into.vulnerabilities ? [vulnerabilities] : []), ...(into.detections ? [detections] : [])]
  // Every image makes at least one row, so no page reaches further than as many images as it has rows before its end.
  return sql`(
      select ${listedColumns} from image where ${imagesWhere(cid, page)}
      order by ${imageOrder(cid, page)} limit ${page.offset + page.limit}
    ) as image left join lateral (${sql.join(parts, sql` union all `)}) as part (kind, vulnerability_id, severity, cps_rating,
      first_found, packages_impacted, package_name_version, cvss_score, exploited, published, description, detection_name,
      detection_type, detection_severity) on true`
}

/** One page of the rows that images expand to; those of one image stand together, worst first. */
export async function expandedImages(
  database: Database,
  cid: string,
  page: ImagePage,
  into: Expansion,
): Promise<readonly ExpandedImage[]> {
  const { rows } = await sql<ExpandedImage>`
    select image.*, case when part.kind = 0 then part.vulnerability_id end as vulnerability_id, part.severity,
      part.cps_rating, part.first_found, part.packages_impacted, part.package_name_version, part.cvss_score, part.exploited,
      part.published, part.description, part.detection_name, part.detection_type, part.detection_severity,
      coalesce((select package_set.ai_related from package_set where package_set.set_id = image.set_id), false) as ai_related
    from ${expanded(cid, page, into)}
    order by ${imageOrder(cid, page)}, part.kind, part.severity desc, part.vulnerability_id
    limit ${page.limit} offset ${page.offset}`.execute(database)
  return rows
}

/** How many rows the images expand to, up to a bound. */
export async function expandedTotal(
  database: Database,
  cid: string,
  page: ImagePage,
  into: Expansion,
): Promise<number> {
  const all = { ...page, limit: maxListTotal, offset: 0 }
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from (select from ${expanded(cid, all, into)} limit ${maxListTotal}) as counted`.execute(
    database,
  )
  return rows[0].total
}

/** The vulnerabilities of one image in one row. */
export interface VulnerabilitySummary {
  readonly image_uuid: string
  /** Worst first. */
  readonly ids: string | null
  readonly severity: number | null
  readonly cps_rating: number | null
  readonly cvss_score: number | null
  readonly exploited: boolean | null
  readonly first_found: Date | null
}

export async function vulnerabilitySummaries(
  database: Database,
  cid: string,
  imageUuids: readonly string[],
  withoutBase: boolean | undefined,
): Promise<readonly VulnerabilitySummary[]> {
  const { rows } = await sql<VulnerabilitySummary>`
    select image.image_uuid, found.* from image cross join lateral (
      select string_agg(one.vulnerability_id, ', ' order by one.severity desc, one.vulnerability_id) as ids,
        max(one.severity) as severity, max(one.cps_rating) as cps_rating, max(vulnerability.cvss_score) as cvss_score,
        bool_or(vulnerability.exploited) as exploited, min(one.first_found) as first_found
      from (${vulnerabilitiesOf(cid, withoutBase)}) as one
      join vulnerability on vulnerability.vulnerability_id = one.vulnerability_id
    ) as found
    where image.cid = ${cid} and image.image_uuid = any(${[...imageUuids]}::uuid[])`.execute(database)
  return rows
}

/** In how many packages of each image something was found that counts. */
export async function vulnerablePackages(
  database: Database,
  cid: string,
  imageUuids: readonly string[],
  withoutBase: boolean | undefined,
): Promise<ReadonlyMap<string, number>> {
  const above = sql`(
      select count(*) as packages from ${baseLayers(cid, sql`image.content_digest`)} as base
      cross join image_content as content join package_set_member as member on member.set_id = content.set_id
      join package on package.package_id = member.package_id
      where content.digest = image.content_digest and not member.suppressed and package.vulnerabilities > 0
        and (base.layers = 0 or content.package_layers[member.position + 1] >= base.layers))`
  const all = sql`(
      select vulnerable_packages as packages from package_set where package_set.set_id = image.set_id)`
  const { rows } = await sql<{ image_uuid: string; packages: number }>`
    select image.image_uuid, found.packages from image cross join lateral ${withoutBase ? above : all} as found
    where image.cid = ${cid} and image.image_uuid = any(${[...imageUuids]}::uuid[])`.execute(database)
  return new Map(rows.map((row) => [row.image_uuid, row.packages]))
}

/** The detections of one image in one row. */
export interface DetectionSummary {
  readonly digest: string
  /** Worst first. */
  readonly names: string
  readonly types: string
  readonly severity: number
}

/** Global: the caller came by the digests through images of its tenant. */
export async function detectionSummaries(
  database: Database,
  digests: readonly string[],
): Promise<readonly DetectionSummary[]> {
  const { rows } = await sql<DetectionSummary>`
    select digest, string_agg(name, ', ' order by severity desc, name) as names,
      string_agg(distinct type, ', ' order by type) as types, max(severity) as severity
    from detection where digest = any(${[...digests]}::text[]) group by digest`.execute(database)
  return rows
}
