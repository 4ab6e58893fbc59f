import { driftIndicatorFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type AskedPage, orderOf } from '../filters/asked-page.ts'
import { boolean, type Columns, columns, rank, text, time } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { severityRanks } from './image-columns.ts'

/** A program that ran in a container and that its image does not have. */
export interface StoredDrift {
  readonly indicator_id: string
  readonly occurred_at: Date
  readonly severity: number
  readonly cloud_name: string
  readonly command_line: string
  readonly container_id: string
  readonly file_name: string
  readonly file_sha256: string
  readonly host_id: string
  readonly indicator_process_id: string
  readonly namespace: string
  readonly parent_process_id: string
  readonly pod_name: string
  readonly prevented: boolean
  readonly scheduler_name: string
  readonly worker_node_name: string
  /** Members of the answer that are in no column. */
  readonly facts: Readonly<Record<string, unknown>>
}

const never = { nullable: false } as const

const driftColumns: Columns = columns(driftIndicatorFields, {
  cid: text(sql`cid`, never),
  cloud_name: text(sql`cloud_name`, never),
  command_line: text(sql`command_line`, never),
  container_id: text(sql`container_id`, never),
  file_name: text(sql`file_name`, never),
  file_sha256: text(sql`file_sha256`, never),
  host_id: text(sql`host_id`, never),
  indicator_process_id: text(sql`indicator_process_id`, never),
  namespace: text(sql`namespace`, never),
  occurred_at: time(sql`occurred_at`, never),
  parent_process_id: text(sql`parent_process_id`, never),
  pod_name: text(sql`pod_name`, never),
  prevented: boolean(sql`prevented`, never),
  scheduler_name: text(sql`scheduler_name`, never),
  severity: rank(sql`severity`, { ranks: severityRanks, ...never }),
  worker_node_name: text(sql`worker_node_name`, never),
})

function where(cid: string, filter: Checked | undefined): RawBuilder<SqlBool> {
  return sql`cid = ${cid} and ${filter ? compileFilter(filter, driftColumns) : sql`true`}`
}

/** One page of drift indicators, the newest first where no order is asked for. */
export async function driftPage(
  database: Database,
  cid: string,
  page: AskedPage,
): Promise<readonly StoredDrift[]> {
  const { filter, sort, limit, offset } = page
  const order = orderOf(sort, driftColumns, sql`indicator_id`, sql`occurred_at desc, indicator_id desc`)
  const { rows } = await sql<StoredDrift>`
    select * from drift_indicator where ${where(cid, filter)} order by ${order} limit ${limit} offset ${offset}`.execute(
    database,
  )
  return rows
}

/** Drift indicators by their ids, in the order of the ids. */
export async function driftsById(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly StoredDrift[]> {
  const { rows } = await sql<StoredDrift>`
    select * from drift_indicator where cid = ${cid} and indicator_id = any(${[...ids]}::text[])`.execute(
    database,
  )
  const byId = new Map(rows.map((row) => [row.indicator_id, row]))
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? [])
}

/** How many drift indicators there are. */
export async function driftTotal(
  database: Database,
  cid: string,
  filter: Checked | undefined,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from drift_indicator where ${where(cid, filter)}`.execute(database)
  return rows[0].total
}

/** How many there are of each of the last days that have any, oldest first. */
export async function driftDays(
  database: Database,
  cid: string,
  filter: Checked | undefined,
  limit: number,
): Promise<readonly { readonly day: string; readonly count: number }[]> {
  const { rows } = await sql<{ day: string; count: number }>`
    select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as count from drift_indicator
    where ${where(cid, filter)} group by 1 order by 1 desc limit ${limit}`.execute(database)
  return rows.reverse()
}
