import { unidentifiedContainerFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { type RawBuilder, sql } from 'kysely'
import { type AskedPage, orderOf } from '../filters/asked-page.ts'
import { boolean, type Columns, columns, number, rank, text, time } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { severityRanks } from './image-columns.ts'

export interface NamedImage {
  readonly digest: string
  /** '' where it was never assessed. */
  readonly image_id: string
  readonly name: string
}

/** A pod with at least one container whose image was never assessed; a container without a pod stands for itself. */
export interface UnidentifiedPod {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly pod_uid: string
  readonly node: string
  readonly first_seen: Date
  readonly last_seen: Date
  readonly containers: readonly { readonly id: string; readonly detections: number }[]
  readonly assessed: readonly NamedImage[]
  readonly unassessed: readonly NamedImage[]
  readonly image_detections: number
  readonly runtime_detections: number
  /** Null where nothing was detected. */
  readonly severity: number | null
}

/**
 * The pods of a tenant: `stopped` takes what runs no more as well. An image counts as assessed under whatever name and
 * however long ago it was: what a tag moved on from still is.
 */
function pods(cid: string, stopped: boolean): RawBuilder<unknown> {
  return sql`(
    with ran as materialized (
      select * from container where cid = ${cid} ${stopped ? sql`` : sql`and running`}
    ), known as materialized (
      select told.image_digest, image.image_id, image.detections, image.highest_detection_severity as severity
      from (select distinct image_digest from ran where image_digest <> '') as told
      cross join lateral (
        select named.* from (
          select image_uuid, image_id, detections, highest_detection_severity from image
          where image.cid = ${cid} and image.digest = told.image_digest and image.state in ('assessed', 'partially')
          union all
          select image_uuid, image_id, detections, highest_detection_severity from image
          where image.cid = ${cid} and image.index_digest = told.image_digest and image.index_digest <> '' and image.state in ('assessed', 'partially')
        ) as named order by highest_detection_severity desc, detections desc, image_uuid limit 1
      ) as image
    ), detected as (
      select container_id, count(*)::int as detections, max(severity) as severity from runtime_detection
      where cid = ${cid} group by container_id
    ), told as (
      select ran.*, case when ran.pod = '' then ran.container_id else '' end as alone, known.image_digest is null as unknown,
        known.image_id, coalesce(known.detections, 0) as image_detections,
        coalesce(detected.detections, 0) as runtime_detections,
        greatest(case when known.detections > 0 then known.severity end, detected.severity) as severity
      from ran left join known on known.image_digest = ran.image_digest
      left join detected on detected.container_id = ran.container_id
    ), counted as (
      -- An image that two containers of a pod run has its detections once.
      select told.*,
        row_number() over (partition by cluster, namespace, pod, pod_uid, alone, image_digest order by container_id) as turn
      from told
    )
    select cluster, namespace, pod, pod_uid, alone, max(node) as node, min(first_seen) as first_seen,
      max(last_seen) as last_seen, count(*)::int as containers_count, count(distinct (image_digest, image_reference)) filter (where unknown)::int as unassessed_count,
      count(distinct (image_digest, image_reference)) filter (where not unknown)::int as assessed_count,
      coalesce(sum(image_detections) filter (where turn = 1), 0)::int as image_detections,
      coalesce(sum(runtime_detections), 0)::int as runtime_detections, max(severity) as severity,
      json_agg(json_build_object('id', container_id, 'detections', runtime_detections) order by container_id) as containers,
      coalesce(json_agg(distinct jsonb_build_object('digest', image_digest, 'image_id', '', 'name', image_reference))
        filter (where unknown), '[]') as unassessed,
      coalesce(json_agg(distinct jsonb_build_object('digest', image_digest, 'image_id', image_id, 'name', image_reference))
        filter (where not unknown), '[]') as assessed,
      json_agg(json_build_array(first_seen, last_seen)) filter (where unknown) as spans
    from counted group by cluster, namespace, pod, pod_uid, alone having bool_or(unknown))`
}

const nowhere = sql`null::text`

function podColumns(cid: string): Columns {
  return columns(unidentifiedContainerFields, {
    assessed_images_count: number(sql`pod.assessed_count`, { nullable: false }),
    cid: text(sql`${cid}::text`, { nullable: false }),
    // A snapshot does not say where a cluster is.
    cloud_account_id: text(nowhere),
    cloud_name: text(nowhere),
    cloud_region: text(nowhere),
    cluster_id: text(sql`pod.cluster`, { nullable: false }),
    cluster_name: text(sql`pod.cluster`, { nullable: false }),
    containers_impacted_count: number(sql`pod.containers_count`, { nullable: false }),
    detections_count: number(sql`(pod.image_detections + pod.runtime_detections)`, { nullable: false }),
    image_assessment_detections_count: number(sql`pod.image_detections`, { nullable: false }),
    last_seen: time(sql`pod.last_seen`, { nullable: false }),
    namespace: text(sql`pod.namespace`, { nullable: false }),
    node_name: text(sql`pod.node`, { nullable: false }),
    severity: rank(sql`pod.severity`, { ranks: severityRanks }),
    unassessed_images_count: number(sql`pod.unassessed_count`, { nullable: false }),
    visible_to_k8s: boolean(sql`(pod.pod <> '')`, { nullable: false }),
  })
}

function matched(cid: string, filter: Checked | undefined, stopped: boolean): RawBuilder<unknown> {
  return sql`from ${pods(cid, stopped)} as pod
    where ${filter ? compileFilter(filter, podColumns(cid)) : sql`true`}`
}

/** One page of the pods that run something unidentified, last seen first where no order is asked for, and how many there are. */
export async function unidentifiedPage(
  database: Database,
  cid: string,
  page: AskedPage,
): Promise<{ rows: readonly UnidentifiedPod[]; total: number }> {
  const { filter, sort, limit, offset } = page
  const key = sql`(pod.cluster, pod.namespace, pod.pod, pod.pod_uid, pod.alone)`
  const order = orderOf(sort, podColumns(cid), key, sql`pod.last_seen desc, ${key} desc`)
  const { rows } = await sql<UnidentifiedPod & { total: number }>`
    select pod.*, count(*) over () as total ${matched(cid, filter, false)}
    order by ${order} limit ${limit} offset ${offset}`.execute(database)
  if (rows[0] || offset === 0) return { rows, total: rows[0]?.total ?? 0 }
  const counted = await sql<{
    total: number
  }>`select count(*) as total ${matched(cid, filter, false)}`.execute(database)
  return { rows, total: counted.rows[0].total }
}

/** How many running containers are unidentified. */
export async function unidentifiedCount(
  database: Database,
  cid: string,
  filter: Checked | undefined,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(json_array_length(pod.spans)), 0)::int as count ${matched(cid, filter, false)}`.execute(
    database,
  )
  return rows[0].count
}

export interface DayCount {
  /** `2026-03-02`, in UTC. */
  readonly day: string
  readonly count: number
}

/** How many unidentified containers ran on each day since `from`, whether they still do or not. */
export async function unidentifiedByDay(
  database: Database,
  cid: string,
  filter: Checked | undefined,
  from: Date,
): Promise<readonly DayCount[]> {
  const { rows } = await sql<DayCount>`
    select to_char(day at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::int as count
    from (select pod.spans ${matched(cid, filter, true)}) as pod
    cross join lateral json_array_elements(pod.spans) as span
    cross join lateral generate_series(
      date_trunc('day', greatest((span ->> 0)::timestamptz, ${from}::timestamptz), 'UTC'),
      (span ->> 1)::timestamptz, interval '1 day'
    ) as day group by 1 order by 1`.execute(database)
  return rows
}
