import { detectionKindFields, detectionQueryFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { type AskedPage, orderOf } from '../filters/asked-page.ts'
import { type Columns, columns, number, rank, text, time, word } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import { partJoint } from '../filters/same-row.ts'
import type { Database } from './database.ts'
import { severityRanks } from './image-columns.ts'

/** Of one kind of detection, how many of its details are shown. */
const maxKindDetails = 100

/**
 * The detections of a tenant's current images, a row for each image that has one: what they are chosen and put in order by.
 * What is only shown is looked up for the rows of a page.
 */
function own(cid: string): RawBuilder<unknown> {
  return sql`(
    select md5(image.image_uuid::text || '/' || detection.detection_id) as id, image.image_uuid, image.registry,
      image.repository, image.tag, image.digest, image.index_digest, image.content_digest, detection.detection_id,
      detection.name, detection.severity, detection.details, detection.last_seen,
      case lower(detection.type) when 'malware' then 'Malware' when 'secret' then 'Secret' when 'cis' then 'CIS'
        else 'Misconfiguration' end as type
    from image join detection on detection.digest = image.content_digest
    where image.cid = ${cid} and image.superseded_at is null and image.detections > 0)`
}

function ownColumns(cid: string): Columns {
  return columns(detectionQueryFields, {
    cid: text(sql`${cid}::text`, { nullable: false }),
    detection_type: word(sql`own.type`, { nullable: false }),
    image_digest: text(sql`own.digest`, { nullable: false }),
    image_registry: text(sql`own.registry`, { nullable: false }),
    image_repository: text(sql`own.repository`, { nullable: false }),
    image_tag: text(sql`own.tag`, { nullable: false }),
    severity: rank(sql`own.severity`, { ranks: severityRanks, nullable: false }),
  })
}

function matched(cid: string, filter: Checked | undefined): RawBuilder<unknown> {
  return sql`from ${own(cid)} as own where ${filter ? compileFilter(filter, ownColumns(cid)) : sql`true`}`
}

/** A detection in one image. */
export interface ListedDetection {
  /** 32 hex digits. */
  readonly id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly image_id: string
  readonly architecture: string
  readonly size: number
  readonly created: Date | null
  readonly base_os: string
  readonly base_os_version: string
  /** As the field table spells it. */
  readonly type: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly remediation: string
  readonly severity: number
  readonly details: object
}

/** One page of detections, the worst first, and how many there are in all. */
export async function detectionPage(
  database: Database,
  cid: string,
  page: { readonly filter?: Checked; readonly limit: number; readonly offset: number },
): Promise<{ rows: readonly ListedDetection[]; total: number }> {
  const { rows } = await sql<ListedDetection & { total: number }>`
    select page.*, image.image_id, image.architecture, image.size, image.created, image.base_os, image.base_os_version,
      detection.title, detection.description, detection.remediation
    from (
      select own.*, count(*) over () as total ${matched(cid, page.filter)}
      order by own.severity desc, own.id limit ${page.limit} offset ${page.offset}
    ) as page
    join image on image.cid = ${cid} and image.image_uuid = page.image_uuid
    join detection on detection.digest = page.content_digest and detection.detection_id = page.detection_id
    order by page.severity desc, page.id`.execute(database)
  const [first] = rows
  if (first || page.offset === 0) return { rows, total: first?.total ?? 0 }
  return { rows, total: await detectionTotal(database, cid, page.filter) }
}

/** How many detections there are. */
export async function detectionTotal(
  database: Database,
  cid: string,
  filter: Checked | undefined,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${matched(cid, filter)}`.execute(
    database,
  )
  return rows[0].total
}

export interface DetectionBucket {
  /** A rank, or a type as the field table spells it. */
  readonly value: number | string
  readonly count: number
}

/** How many detections there are of each severity or type. */
export async function detectionBuckets(
  database: Database,
  cid: string,
  by: 'severity' | 'type',
  filter: Checked | undefined,
): Promise<readonly DetectionBucket[]> {
  const value = by === 'severity' ? sql`own.severity` : sql`own.type`
  const { rows } = await sql<DetectionBucket>`
    select ${value} as value, count(*) as count ${matched(cid, filter)} group by 1`.execute(database)
  return rows
}

/** What is detected under one name, in however many images. */
export interface DetectionKind {
  /** 32 hex digits: the same for the same type and name. */
  readonly id: string
  readonly type: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly remediation: string
  /** The worst. */
  readonly severity: number
  readonly images: number
  readonly containers: number
  readonly last_detected: Date
  /** What distinguishes its detections, each once, as JSON. */
  readonly details: readonly string[]
}

const imageFields = new Set(['image_digest', 'image_registry', 'image_repository', 'image_tag'])

/** The kinds of which a detection in some image meets the condition on `own`. */
function found(condition: Expression<SqlBool>): Expression<SqlBool> {
  return sql<SqlBool>`((kind.type, kind.name) in (select own.type, own.name from own where ${condition}))`
}

function kindColumns(cid: string): Columns {
  const image = (column: string) => (compare: (column: Expression<unknown>) => Expression<SqlBool>) =>
    found(compare(sql.ref(`own.${column}`)))
  return columns(detectionKindFields, {
    cid: text(sql`${cid}::text`, { nullable: false }),
    containers_impacted: number(sql`kind.containers`, { nullable: false }),
    detection_name: text(sql`kind.name`, { nullable: false }),
    detection_type: word(sql`kind.type`, { nullable: false }),
    image_digest: text(image('digest')),
    image_registry: text(image('registry')),
    image_repository: text(image('repository')),
    image_tag: text(image('tag')),
    images_impacted: number(sql`kind.images`, { nullable: false }),
    last_detected: time(sql`kind.last_detected`, { nullable: false }),
    severity: rank(sql`kind.severity`, { ranks: severityRanks, nullable: false }),
  })
}

/** One page of kinds of detections, the worst first where no order is asked for, and how many there are in all. */
export async function detectionKindPage(
  database: Database,
  cid: string,
  page: AskedPage,
): Promise<{ rows: readonly DetectionKind[]; total: number }> {
  const { limit, offset, sort } = page
  const { joint, rest } = partJoint(page.filter, imageFields)
  const image = joint ? found(compileFilter(joint, ownColumns(cid))) : sql<SqlBool>`true`
  const order = orderOf(
    sort,
    kindColumns(cid),
    sql`(kind.type, kind.name)`,
    sql`kind.severity desc, kind.type, kind.name`,
  )
  const { rows } = await sql<DetectionKind & { total: number }>`
    with own as materialized ${own(cid)}, running as materialized (
      select image_digest, count(*) as containers from container
      where cid = ${cid} and running and image_digest <> '' group by image_digest
    ), ran as (
      select type, name, sum(containers)::int as containers
      from (
        select own.type, own.name, running.image_digest, running.containers
        from running join own on own.digest = running.image_digest
        union
        select own.type, own.name, running.image_digest, running.containers
        from running join own on own.index_digest = running.image_digest
      ) as once group by type, name
    ), kind as materialized (
      select held.*, coalesce(ran.containers, 0) as containers
      from (
        select type, name, max(severity) as severity, count(*)::int as images, max(last_seen) as last_detected
        from (
          select own.type, own.name, max(own.severity) as severity, max(own.last_seen) as last_seen
          from own group by own.type, own.name, own.image_uuid
        ) as once group by type, name
      ) as held left join ran on ran.type = held.type and ran.name = held.name
    ), page as materialized (
      select kind.*, count(*) over () as total, row_number() over (order by ${order}) as place from kind
      where ${image} and ${rest ? compileFilter(rest, kindColumns(cid)) : sql`true`}
      order by place limit ${limit} offset ${offset}
    ), latest as (
      select distinct on (own.type, own.name) own.type, own.name, own.content_digest, own.detection_id
      from page join own on own.type = page.type and own.name = page.name and own.last_seen = page.last_detected
      order by own.type, own.name, own.id
    ), distinguished as (
      select type, name, array_agg(details order by details) as details
      from (
        select type, name, details, row_number() over (partition by type, name order by details) as turn
        from (
          select distinct own.type, own.name, own.details::text as details
          from page join own on own.type = page.type and own.name = page.name where own.details <> '{}'
        ) as each
      ) as turned where turn <= ${maxKindDetails} group by type, name
    )
    select page.*, md5(page.type || '/' || page.name) as id, detection.title, detection.description, detection.remediation,
      coalesce(distinguished.details, '{}') as details
    from page join latest on latest.type = page.type and latest.name = page.name
    join detection on detection.digest = latest.content_digest and detection.detection_id = latest.detection_id
    left join distinguished on distinguished.type = page.type and distinguished.name = page.name
    order by page.place`.execute(database)
  const [first] = rows
  if (first || offset === 0) return { rows, total: first?.total ?? 0 }
  const all = await detectionKindPage(database, cid, { ...page, limit: 1, offset: 0 })
  return { rows, total: all.total }
}
