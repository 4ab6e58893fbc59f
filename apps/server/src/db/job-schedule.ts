import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Takes a slot of a schedule. Answers whether it was still to be had: of all instances, one gets it. */
export async function takeSlot(database: Database, schedule: string, slot: Date): Promise<boolean> {
  const { rows } = await sql`insert into job_schedule (schedule, slot) values (${schedule}, ${slot})
    on conflict (schedule) do update set slot = excluded.slot where job_schedule.slot < excluded.slot
    returning schedule`.execute(database)
  return rows.length > 0
}
