import { runtimeDetectionFields } from '@lanner/contract/fields'
import { sql } from 'kysely'
import { type AskedPage, orderOf } from '../filters/asked-page.ts'
import { type Columns, columns, rank, text, time } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { severityRanks } from './image-columns.ts'

/** Something that was detected in a running container. */
export interface StoredRuntimeDetection {
  readonly detection_id: string
  readonly agent_type: string
  readonly aid: string
  readonly cloud: string
  readonly cloud_name: string
  readonly cluster_name: string
  readonly computer_name: string
  readonly container_id: string
  readonly detected_at: Date
  readonly host_id: string
  readonly host_type: string
  readonly image_id: string
  readonly name: string
  readonly namespace: string
  readonly pod_name: string
  readonly severity: number
  /** Members of the answer that are in no column. */
  readonly facts: Readonly<Record<string, unknown>>
}

const never = { nullable: false } as const

function runtimeDetectionColumns(): Columns {
  return columns(runtimeDetectionFields, {
    agent_type: text(sql`agent_type`, never),
    aid: text(sql`aid`, never),
    cid: text(sql`cid`, never),
    cloud: text(sql`cloud`, never),
    cloud_name: text(sql`cloud_name`, never),
    cluster_name: text(sql`cluster_name`, never),
    computer_name: text(sql`computer_name`, never),
    container_id: text(sql`container_id`, never),
    detect_timestamp: time(sql`detected_at`, never),
    host_id: text(sql`host_id`, never),
    host_type: text(sql`host_type`, never),
    image_id: text(sql`image_id`, never),
    name: text(sql`name`, never),
    namespace: text(sql`namespace`, never),
    pod_name: text(sql`pod_name`, never),
    severity: rank(sql`severity`, { ranks: severityRanks, ...never }),
  })
}

/** One page of what was detected in containers, the newest first where no order is asked for, and how much there is. */
export async function runtimeDetectionPage(
  database: Database,
  cid: string,
  page: AskedPage,
): Promise<{ rows: readonly StoredRuntimeDetection[]; total: number }> {
  const { filter, sort, limit, offset } = page
  const own = runtimeDetectionColumns()
  const where = sql`cid = ${cid} and ${filter ? compileFilter(filter, own) : sql`true`}`
  const order = orderOf(sort, own, sql`detection_id`, sql`detected_at desc, detection_id desc`)
  const { rows } = await sql<StoredRuntimeDetection>`
    select * from runtime_detection where ${where} order by ${order} limit ${limit} offset ${offset}`.execute(
    database,
  )
  const counted = await sql<{
    total: number
  }>`select count(*) as total from runtime_detection where ${where}`.execute(database)
  return { rows, total: counted.rows[0].total }
}
