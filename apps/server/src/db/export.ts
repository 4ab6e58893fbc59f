import { exportJobFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { sql } from 'kysely'
import { columns, text, word } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'

export type ExportStatus =
  | 'READY'
  | 'WAITING'
  | 'IN_PROGRESS'
  | 'DONE'
  | 'FAILED'
  | 'WAITING_FOR_RETRY'
  | 'CANCELED'
  | 'RESULT_DELETED'

/** What is to be exported. */
export interface ExportWish {
  readonly resource: string
  readonly format: 'csv' | 'json'
  /** FQL, and a column with its direction; '' for none. */
  readonly filter: string
  readonly sort: string
  readonly expandVulnerabilities: boolean
}

/** An export as its tenant sees it. */
export interface StoredExport extends ExportWish {
  readonly id: string
  readonly jobId: string
  readonly status: ExportStatus
  /** Attempts after the first. */
  readonly retries: number
  readonly actor: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly bytes: number | null
  /** Set where there is a file, or was. */
  readonly finishedAt: Date | null
}

/** How far an export is, its job says; what is left of it, its row. */
const status = sql<ExportStatus>`(case
  when export.deleted_at is not null then 'RESULT_DELETED'
  when job.state = 2 then 'IN_PROGRESS'
  when job.attempts > 0 then 'WAITING_FOR_RETRY'
  when job.state = 1 then 'WAITING'
  when job.state = 0 then 'READY'
  when export.finished_at is not null then 'DONE'
  when ended.outcome = 'cancelled' then 'CANCELED'
  else 'FAILED' end)`

const columnsOfExport = columns(exportJobFields, {
  resource: text(sql`export.resource`, { nullable: false }),
  status: word(status, { nullable: false }),
})

const jobs = sql`
  left join job on job.cid = export.cid and job.id = export.job_id
  left join job_history as ended on ended.cid = export.cid and ended.id = export.job_id`

const selected = sql`
  export.export_id as id, export.job_id as "jobId", export.resource, export.format, export.filter, export.sort,
  export.expand_vulnerabilities as "expandVulnerabilities", export.actor, export.created_at as "createdAt", export.bytes,
  export.finished_at as "finishedAt", ${status} as status,
  greatest(coalesce(job.attempts, ended.attempts, 1) - 1, 0)::integer as retries,
  coalesce(export.deleted_at, export.finished_at, ended.finished_at, job.started_at, export.created_at) as "updatedAt"`

/** Puts an export in beside its job; false where another export has that job. */
export async function insertExport(
  database: Database,
  cid: string,
  one: ExportWish & {
    readonly id: string
    readonly jobId: string
    readonly actor: string
    readonly now: Date
  },
): Promise<boolean> {
  const { rows } = await sql`
    insert into export (cid, export_id, job_id, resource, format, filter, sort, expand_vulnerabilities, actor, created_at)
    select ${cid}, ${one.id}::uuid, ${one.jobId}::uuid, ${one.resource}, ${one.format}, ${one.filter}, ${one.sort},
      ${one.expandVulnerabilities}::boolean, ${one.actor}, ${one.now}::timestamptz
    where exists (select 1 from job where job.cid = ${cid} and job.id = ${one.jobId}::uuid)
    on conflict (cid, job_id) do nothing
    returning export_id`.execute(database)
  return rows.length > 0
}

/** Those of the given ids that the tenant has, in no order. */
export async function exportsWithIds(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly StoredExport[]> {
  const { rows } = await sql<StoredExport>`
    select ${selected} from export ${jobs}
    where export.cid = ${cid} and export.export_id = any(${[...ids]}::uuid[])`.execute(database)
  return rows
}

/** Ids of those among the tenant's latest exports that the filter selects, the newest first. */
export async function latestExports(
  database: Database,
  cid: string,
  latest: number,
  filter: Checked | undefined,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select export.export_id as id from (
      select * from export where export.cid = ${cid} order by created_at desc, export_id desc limit ${latest}
    ) as export ${jobs}
    where ${filter ? compileFilter(filter, columnsOfExport) : sql`true`}
    order by export.created_at desc, export.export_id desc`.execute(database)
  return rows.map(({ id }) => id)
}

/** Notes that an export has its file. */
export async function finishExport(
  database: Database,
  cid: string,
  id: string,
  file: { readonly records: number; readonly bytes: number },
  now: Date,
): Promise<void> {
  await sql`
    update export set finished_at = ${now}, records = ${file.records}, bytes = ${file.bytes}
    where cid = ${cid} and export_id = ${id}::uuid`.execute(database)
}

/** Exports whose file is to be taken away, at most `limit`. */
export async function exportsBefore(
  database: Database,
  before: Date,
  limit: number,
): Promise<readonly { readonly cid: string; readonly id: string; readonly format: 'csv' | 'json' }[]> {
  const { rows } = await sql<{ cid: string; id: string; format: 'csv' | 'json' }>`
    /* every tenant: what is old goes for all */
    select cid, export_id as id, format from export
    where finished_at < ${before} and deleted_at is null order by finished_at limit ${limit}`.execute(
    database,
  )
  return rows
}

/** Notes that the file of an export is gone. */
export async function noteExportDeleted(
  database: Database,
  cid: string,
  id: string,
  now: Date,
): Promise<void> {
  await sql`update export set deleted_at = ${now} where cid = ${cid} and export_id = ${id}::uuid`.execute(
    database,
  )
}

/** Forgets exports from before a time that have no file. Answers how many. */
export async function forgetExports(database: Database, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    /* every tenant: what is old goes for all */
    delete from export where created_at < ${before} and (finished_at is null or deleted_at is not null)
      and not exists (select 1 from job where job.cid = export.cid and job.id = export.job_id)`.execute(
    database,
  )
  return Number(numAffectedRows ?? 0)
}

/** Which of these exports are still to have a file. Every tenant's own. */
export async function exportsWithFiles(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select export_id as id from export
    where cid = ${cid} and export_id = any(${[...ids]}::uuid[]) and deleted_at is null`.execute(database)
  return new Set(rows.map(({ id }) => id))
}
