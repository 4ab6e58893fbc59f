import { imageFields } from '@lanner/contract/fields'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { boolean, type Columns, columns, number, rank, text, time } from '../filters/columns.ts'
import { aboveBase, basedWhere, basedWith, isBased } from './base-layers.ts'

/** Stored ranks of severity words. No row has the rank of `None`: a rating of zero is negligible. */
export const severityRanks = {
  Unknown: 0,
  None: 100,
  Negligible: 1,
  Low: 2,
  Medium: 3,
  High: 4,
  Critical: 5,
} as const

/** Stored ranks of CPS ratings. */
export const cpsRanks = { Low: 1, Medium: 2, High: 3, Critical: 4 } as const

type Condition = Expression<SqlBool>
type Compare = (column: Expression<unknown>) => Condition

/** The images of a package set that has a finding which counts and for which the condition on `finding` holds. */
export function withFinding(condition: Condition): Condition {
  return sql<SqlBool>`(image.set_id is not null and image.set_id in (
    select member.set_id from package_set_member as member
    join finding on finding.package_id = member.package_id
    where not member.suppressed and ${condition}))`
}

/** The images with a package for which the condition on `package` holds. */
function withPackage(condition: Condition): Condition {
  return sql<SqlBool>`(image.set_id is not null and image.set_id in (
    select member.set_id from package join package_set_member as member on member.package_id = package.package_id
    where ${condition}))`
}

/**
 * The images that containers run for which the condition on `container` holds. A cluster that names an index runs one of
 * its images without saying which: each of them counts.
 */
export function withContainer(cid: string, condition: Condition): Condition {
  return sql<SqlBool>`image.digest in (
    select container.image_digest from container where container.cid = ${cid} and ${condition}
    union all
    select listed.digest from container
    join image as listed on listed.cid = container.cid and listed.index_digest = container.image_digest
    where container.cid = ${cid} and listed.cid = ${cid} and container.image_digest <> '' and ${condition})`
}

/** Asked of many images at once: the containers are read once for all. */
function isRunning(cid: string): Condition {
  const digests = sql`select distinct container.image_digest from container
    where container.cid = ${cid} and container.running and container.image_digest <> ''`
  return sql<SqlBool>`(image.digest in (${digests}) or image.index_digest in (${digests}))`
}

/** How many containers run an image. Those of few are counted: that an image has none is known from what runs at all. */
function runningContainers(cid: string): RawBuilder<number> {
  return sql<number>`(case when ${isRunning(cid)} then (
    select count(*) from container where container.cid = ${cid} and container.running
      and container.image_digest <> '' and container.image_digest in (image.digest, image.index_digest)) else 0 end)`
}

function withDetection(condition: Condition): Condition {
  return sql<SqlBool>`(image.detections > 0
    and image.content_digest in (select detection.digest from detection where ${condition}))`
}

/** The images of a package set for whose row the condition on `package_set` holds. */
function ofSet(condition: Condition): Condition {
  return sql<SqlBool>`(image.set_id is not null and image.set_id in (
    select package_set.set_id from package_set where ${condition}))`
}

/**
 * Severities of the findings of an image, from the counts beside it: no finding is read. The two that have no count there
 * are looked up, where any are left.
 */
function withSeverity(compare: (column: Expression<unknown>) => Condition): Condition {
  const is = (rankOf: number) => compare(sql`${sql.lit(rankOf)}::smallint`)
  return sql<SqlBool>`((image.critical > 0 and ${is(5)}) or (image.high > 0 and ${is(4)})
    or (image.medium > 0 and ${is(3)}) or (image.low > 0 and ${is(2)})
    or (image.vulnerabilities > image.critical + image.high + image.medium + image.low
      and ${ofSet(sql<SqlBool>`((package_set.negligible > 0 and ${is(1)}) or (package_set.unknown > 0 and ${is(0)}))`)}))`
}

function withCpsRating(compare: (column: Expression<unknown>) => Condition): Condition {
  const has = (rankOf: number) =>
    sql`(package_set.cps_ratings & ${sql.lit(1 << rankOf)} <> 0 and ${compare(sql`${sql.lit(rankOf)}::smallint`)})`
  return ofSet(sql<SqlBool>`(${sql.join([1, 2, 3, 4].map(has), sql` or `)})`)
}

const aiVulnerabilities = sql`(case when ${ofSet(sql<SqlBool>`package_set.ai_vulnerabilities > 0`)} then (
  select package_set.ai_vulnerabilities from package_set where package_set.set_id = image.set_id) else 0 end)`

/** The columns of vulnerabilities, as they are when those of declared base images do not count. */
function ownColumns(cid: string) {
  const found = (all: Condition, above: Condition): Condition =>
    sql<SqlBool>`((${all} and not ${isBased(cid)}) or ${above})`
  const ranked = (
    bits: 'severities' | 'cps_ratings',
    ranks: readonly number[],
    all: (compare: Compare) => Condition,
  ) => {
    const above = (compare: Compare) => (rankOf: number) =>
      sql`(above.${sql.raw(bits)} & ${sql.lit(1 << rankOf)} <> 0 and ${compare(sql`${sql.lit(rankOf)}::smallint`)})`
    return (compare: Compare) =>
      found(all(compare), basedWhere(cid, sql<SqlBool>`(${sql.join(ranks.map(above(compare)), sql` or `)})`))
  }
  return {
    ai_vulnerability_count: number(aboveBase(cid, 'ai', aiVulnerabilities), { nullable: false }),
    cps_rating: rank(ranked('cps_ratings', [1, 2, 3, 4], withCpsRating), {
      ranks: cpsRanks,
      sort: sql`image.highest_cps_rating`,
      nullable: false,
    }),
    cve_id: text((compare) => {
      const condition = compare(sql`finding.vulnerability_id`)
      return found(withFinding(condition), basedWith(cid, condition))
    }),
    vulnerability_count: number(aboveBase(cid, 'vulnerabilities', sql`image.vulnerabilities`), {
      nullable: false,
    }),
    vulnerability_severity: rank(ranked('severities', [0, 1, 2, 3, 4, 5], withSeverity), {
      ranks: severityRanks,
    }),
  }
}

/**
 * Where the fields of images are kept, for statements on `image`. Findings of suppressed packages never count.
 * `withoutBase`: neither do those that come from a declared base image.
 */
export function imageColumns(cid: string, withoutBase = false): Columns {
  return columns(imageFields, {
    ai_related: boolean(ofSet(sql<SqlBool>`package_set.ai_related`), { nullable: false }),
    ai_vulnerability_count: number(aiVulnerabilities, { nullable: false }),
    architecture: text(sql`image.architecture`, { nullable: false }),
    base_os: text(sql`image.base_os`, { nullable: false }),
    cid: text(sql`image.cid`, { nullable: false }),
    container_id: text((compare) => withContainer(cid, compare(sql`container.container_id`))),
    container_running_status: boolean(isRunning(cid), { nullable: false }),
    containers: number(runningContainers(cid), { nullable: false }),
    cps_rating: rank(withCpsRating, {
      ranks: cpsRanks,
      sort: sql`image.highest_cps_rating`,
      nullable: false,
    }),
    crowdstrike_user: text(sql`image.actor`, { nullable: false }),
    cve_id: text((compare) => withFinding(compare(sql`finding.vulnerability_id`))),
    detection_count: number(sql`image.detections`, { nullable: false }),
    detection_name: text((compare) => withDetection(compare(sql`detection.name`))),
    detection_severity: rank((compare) => withDetection(compare(sql`detection.severity`)), {
      ranks: severityRanks,
    }),
    first_seen: time(sql`image.first_seen`, { nullable: false }),
    highest_detection_severity: rank(sql`image.highest_detection_severity`, {
      ranks: severityRanks,
      nullable: false,
    }),
    highest_vulnerability_severity: rank(sql`image.highest_severity`, {
      ranks: severityRanks,
      nullable: false,
    }),
    image_digest: text(sql`image.digest`, { nullable: false }),
    image_id: text(sql`image.image_id`, { nullable: false }),
    // It says what counts as a vulnerability, and by itself selects nothing: see `withoutBase`.
    include_base_image_vuln: boolean(sql`true`, { nullable: false }),
    index_digest: text(sql`image.index_digest`, { nullable: false }),
    last_seen: time(sql`image.last_seen`, { nullable: false }),
    layer_digest: text(
      (compare) =>
        sql`image.content_digest in (select image_layer.digest from image_layer where ${compare(sql`image_layer.layer_digest`)})`,
    ),
    layers_with_vulnerabilities: number(sql`image.layers_with_vulnerabilities`, { nullable: false }),
    multi_arch: boolean(sql`(image.index_digest <> '')`, { nullable: false }),
    package_name_version: text((compare) =>
      withPackage(compare(sql`(package.name || ' ' || package.version)`)),
    ),
    packages: number(sql`image.packages`, { nullable: false }),
    registry: text(sql`image.registry`, { nullable: false }),
    repository: text(sql`image.repository`, { nullable: false }),
    source: text(sql`image.source`, { nullable: false }),
    tag: text(sql`image.tag`, { nullable: false }),
    vulnerability_count: number(sql`image.vulnerabilities`, { nullable: false }),
    vulnerability_severity: rank(withSeverity, { ranks: severityRanks }),
    ...(withoutBase ? ownColumns(cid) : {}),
  })
}
