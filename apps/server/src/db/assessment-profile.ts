import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface NewProfile {
  readonly identity: Buffer
  readonly contextId: number
  readonly packageTypes: readonly string[]
  readonly ownState: string
  readonly empty: boolean
  readonly state: string
  readonly codes: readonly string[]
  readonly reason: string
}

/** Id of a profile; made when it is new. Global. */
export async function profileId(database: Database, profile: NewProfile): Promise<number> {
  await sql`
    insert into assessment_profile (identity, context_id, package_types, own_state, empty, state, codes, reason)
    values (${profile.identity}, ${profile.contextId}, ${[...profile.packageTypes]}::text[], ${profile.ownState},
      ${profile.empty}, ${profile.state}, ${[...profile.codes]}::text[], ${profile.reason})
    on conflict (identity) do nothing`.execute(database)
  const { rows } = await sql<{ profile_id: number }>`
    select profile_id from assessment_profile where identity = ${profile.identity}`.execute(database)
  return rows[0].profile_id
}

export interface StoredProfile {
  readonly profile_id: number
  readonly context_id: number
  readonly package_types: readonly string[]
  readonly own_state: string
  readonly empty: boolean
  readonly state: string
  readonly codes: readonly string[]
}

/** Every profile: as many as there are kinds of images. Global. */
export async function profiles(database: Database): Promise<readonly StoredProfile[]> {
  const { rows } = await sql<StoredProfile>`
    select profile_id, context_id, package_types, own_state, empty, state, codes from assessment_profile
    order by profile_id`.execute(database)
  return rows
}

/** Keeps the state that a profile has now, on itself and on every image that has it. */
export async function setProfileState(
  database: Database,
  profile: number,
  state: string,
  codes: readonly string[],
  reason: string,
): Promise<void> {
  await sql`update assessment_profile set state = ${state}, codes = ${[...codes]}::text[], reason = ${reason}
    where profile_id = ${profile}`.execute(database)
  await sql`/* every tenant: what is known of an image's content holds for all who have it */
    update image set state = ${state}, state_reason = ${reason}
    where profile_id = ${profile} and state <> ${state}`.execute(database)
}
