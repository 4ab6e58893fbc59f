import { distributionTypes } from '@lanner/model'
import { sql } from 'kysely'
import { baseLayers } from './base-layers.ts'
import type { Database } from './database.ts'

export interface SeverityCount {
  /** Rank. */
  readonly severity: number
  readonly count: number
}

/** What was found in one image, counted. Suppressed packages never count among those with vulnerabilities. */
export interface ImageSummaryRow {
  readonly total_os_packages: number
  readonly total_app_packages: number
  readonly os_packages_with_vulnerabilities: number
  readonly app_packages_with_vulnerabilities: number
  readonly layers_with_vulnerabilities: number
  /** Distinct vulnerabilities, each at its worst; of the two parts one and the same may count in both. */
  readonly all_by_severity: readonly SeverityCount[]
  readonly os_by_severity: readonly SeverityCount[]
  readonly app_by_severity: readonly SeverityCount[]
  /** Whether one is known to be exploited and has no fix. */
  readonly exploited_without_fix: boolean
}

/** `withoutBase`: only what lies in layers above the declared base image. */
export async function imageSummary(
  database: Database,
  cid: string,
  digest: string,
  withoutBase: boolean,
): Promise<ImageSummaryRow> {
  const layers = withoutBase ? baseLayers(cid, sql`${digest}::text`) : sql`(select 0 as layers)`
  const bySeverity = (which: 'all' | 'os' | 'app') => {
    const part = { all: sql`true`, os: sql`found.os`, app: sql`not found.os` }[which]
    return sql`(select coalesce(json_agg(json_build_object('severity', severity, 'count', count) order by severity desc), '[]')
      from (select severity, count(*) as count from (
        select vulnerability_id, max(severity) as severity from found where ${part} group by vulnerability_id
      ) as worst group by severity) as counted)`
  }
  const { rows } = await sql<ImageSummaryRow>`
    with member as materialized (
      select member.package_id, member.suppressed, package.type = any(${[...distributionTypes]}::text[]) as os,
        content.package_layers[member.position + 1] as layer
      from image_content as content
      join package_set_member as member on member.set_id = content.set_id
      join package on package.package_id = member.package_id
      where content.digest = ${digest}
    ), found as materialized (
      select member.package_id, member.os, member.layer, finding.vulnerability_id, finding.severity,
        cardinality(finding.fixed_versions) > 0 as fixed
      from ${layers} as base cross join member
      join finding on finding.package_id = member.package_id
      where not member.suppressed and (base.layers = 0 or member.layer >= base.layers)
    )
    select
      (select count(*) from member where os) as total_os_packages,
      (select count(*) from member where not os) as total_app_packages,
      (select count(distinct package_id) from found where os) as os_packages_with_vulnerabilities,
      (select count(distinct package_id) from found where not os) as app_packages_with_vulnerabilities,
      (select count(distinct layer) from found) as layers_with_vulnerabilities,
      ${bySeverity('all')} as all_by_severity, ${bySeverity('os')} as os_by_severity,
      ${bySeverity('app')} as app_by_severity,
      exists (
        select from found join vulnerability on vulnerability.vulnerability_id = found.vulnerability_id
        where vulnerability.exploited and not found.fixed
      ) as exploited_without_fix`.execute(database)
  return rows[0]
}

export interface DetectionCount {
  readonly type: string
  readonly count: number
}

/** Detections in one image's content by their type. Global: the caller came by the digest through an image of its tenant. */
export async function detectionCounts(
  database: Database,
  digest: string,
): Promise<readonly DetectionCount[]> {
  const { rows } = await sql<DetectionCount>`
    select type, count(*) as count from detection where digest = ${digest} group by type order by type`.execute(
    database,
  )
  return rows
}

export interface ContainerTimes {
  readonly running: number
  readonly first_seen: Date | null
  readonly last_seen: Date | null
}

/** The containers that run an image now or did, and since when. */
export async function containerTimes(
  database: Database,
  cid: string,
  digests: readonly string[],
): Promise<ContainerTimes> {
  const { rows } = await sql<ContainerTimes>`
    select count(*) filter (where running) as running, min(first_seen) as first_seen, max(last_seen) as last_seen
    from container where cid = ${cid} and image_digest = any(${[...digests]}::text[])`.execute(database)
  return rows[0]
}

/** What sensors told of the containers of an image, by severity, the worst first. */
export async function runtimeDetectionCounts(
  database: Database,
  cid: string,
  imageId: string,
  digests: readonly string[],
): Promise<readonly SeverityCount[]> {
  const { rows } = await sql<SeverityCount>`
    select severity, count(*) as count from runtime_detection
    where cid = ${cid} and ((image_id = ${imageId} and image_id <> '') or container_id in (
      select container_id from container where container.cid = ${cid} and image_digest = any(${[...digests]}::text[])
    ))
    group by severity order by severity desc`.execute(database)
  return rows
}
