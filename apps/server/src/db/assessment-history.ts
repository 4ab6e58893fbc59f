import type { Checked } from '@lanner/fql'
import { sql } from 'kysely'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import type { ImageName } from './image.ts'
import { imageColumns } from './image-columns.ts'

/** Notes how the assessments of a name's images ended, as their rows say it now. */
export async function noteAssessments(
  database: Database,
  cid: string,
  name: ImageName,
  digests: readonly string[],
  now: Date,
): Promise<void> {
  await sql`
    insert into assessment_history (cid, history_id, at, registry, repository, tag, digest, outcome)
    select image.cid, gen_random_uuid(), ${now}, image.registry, image.repository, image.tag, image.digest,
      case when image.state in ('assessed', 'partially') then image.state
        when content.unread_reasons -> 0 ->> 'code' = 'unsupported-media-type' then 'unsupported_schema_version'
        when content.unread_reasons -> 0 ->> 'code' = 'not-an-image' then 'missing_config'
        when image.set_id is not null then 'no_advisories'
        when image.source = 'registry' then 'image_pull'
        else 'image_push' end
    from image left join image_content as content on content.digest = image.content_digest
    where image.cid = ${cid} and image.registry = ${name.registry} and image.repository = ${name.repository}
      and image.tag = ${name.tag} and image.digest = any(${[...digests]}::text[]) and image.state <> 'pending'`.execute(
    database,
  )
}

export interface AssessmentDay {
  /** `YYYY-MM-DD` in UTC. */
  readonly day: string
  readonly assessed: number
  readonly image_pull: number
  readonly image_push: number
  readonly missing_config: number
  readonly unsupported_schema_version: number
}

/** How many assessments ended in which way on each day since the given one; days without any are left out. */
export async function assessmentDays(
  database: Database,
  cid: string,
  since: Date,
  filter?: Checked,
): Promise<readonly AssessmentDay[]> {
  // The history has the columns of an image's name.
  const { rows } = await sql<AssessmentDay>`
    select (image.at at time zone 'UTC')::date as day,
      count(*) filter (where outcome in ('assessed', 'partially')) as assessed,
      count(*) filter (where outcome = 'image_pull') as image_pull,
      count(*) filter (where outcome = 'image_push') as image_push,
      count(*) filter (where outcome = 'missing_config') as missing_config,
      count(*) filter (where outcome = 'unsupported_schema_version') as unsupported_schema_version
    from assessment_history as image
    where image.cid = ${cid} and image.at >= ${since} and ${filter ? compileFilter(filter, imageColumns(cid)) : sql`true`}
    group by 1 order by 1`.execute(database)
  return rows
}

/** Forgets a tenant's oldest assessments from before an instant, at most so many at once; gives how many. */
export async function removeAssessmentsBefore(
  database: Database,
  cid: string,
  before: Date,
  atMost: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from assessment_history where cid = ${cid} and (at, history_id) in (
      select at, history_id from assessment_history where cid = ${cid} and at < ${before} order by at limit ${atMost}
    )`.execute(database)
  return Number(numAffectedRows ?? 0)
}
