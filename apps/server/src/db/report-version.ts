import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface ReportVersion {
  /** Another one whenever something that a report is made of changed. */
  readonly version: string
  /** False while the counts of a changed finding are on their way: what is read meanwhile is of no version. */
  readonly settled: boolean
}

/** Of what the report of this content is made of now. Global: the caller came by the digest through an image of its tenant. */
export async function reportVersion(database: Database, digest: string): Promise<ReportVersion | undefined> {
  const { rows } = await sql<ReportVersion>`
    select concat_ws(' ', content.read_at, content.set_id, package_set.findings_revision, state.sequence, state.applied_sequence,
        state.revision,
        (select concat_ws(' ', count(*), max(last_seen)) from detection where detection.digest = content.digest)) as version,
      not coalesce(package_set.dirty, false) as settled
    from image_content as content
    left join package_set on package_set.set_id = content.set_id
    cross join advisory_state as state
    where content.digest = ${digest}`.execute(database)
  return rows[0]
}
