import { containerAlertFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type AskedPage, orderOf } from '../filters/asked-page.ts'
import { type Columns, columns, rank, text, time } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { severityRanks } from './image-columns.ts'

/** An alert about running containers. */
export interface StoredAlert {
  readonly alert_id: string
  readonly name: string
  readonly description: string
  /** Of the event that raised it. */
  readonly event_name: string
  readonly severity: number
  readonly container_ids: readonly string[]
  readonly first_seen: Date
  readonly last_seen: Date
}

const alertColumns: Columns = columns(containerAlertFields, {
  cid: text(sql`cid`, { nullable: false }),
  container_id: text(
    (compare) =>
      sql<SqlBool>`exists (select from unnest(container_ids) as about (container_id) where ${compare(sql`about.container_id`)})`,
  ),
  first_seen: time(sql`first_seen`, { nullable: false }),
  last_seen: time(sql`last_seen`, { nullable: false }),
  name: text(sql`name`, { nullable: false }),
  severity: rank(sql`severity`, { ranks: severityRanks, nullable: false }),
})

function where(cid: string, filter: Checked | undefined): RawBuilder<SqlBool> {
  return sql`cid = ${cid} and ${filter ? compileFilter(filter, alertColumns) : sql`true`}`
}

/** One page of alerts, the last first where no order is asked for. */
export async function alertPage(
  database: Database,
  cid: string,
  page: AskedPage,
): Promise<readonly StoredAlert[]> {
  const { filter, sort, limit, offset } = page
  const order = orderOf(sort, alertColumns, sql`alert_id`, sql`last_seen desc, alert_id desc`)
  const { rows } = await sql<StoredAlert>`
    select alert_id, name, description, event_name, severity, container_ids, first_seen, last_seen from container_alert
    where ${where(cid, filter)} order by ${order} limit ${limit} offset ${offset}`.execute(database)
  return rows
}

/** How many alerts there are of each severity. */
export async function alertCounts(
  database: Database,
  cid: string,
  filter: Checked | undefined,
): Promise<readonly { readonly severity: number; readonly count: number }[]> {
  const { rows } = await sql<{ severity: number; count: number }>`
    select severity, count(*) as count from container_alert where ${where(cid, filter)} group by severity`.execute(
    database,
  )
  return rows
}
