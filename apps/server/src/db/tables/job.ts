import type { Generated } from 'kysely'

/** jsonb is written as text and read as a value. */
type Json = unknown

interface JobTable {
  readonly id: string
  readonly turn: string
  readonly cid: string
  readonly name: string
  readonly key: string
  readonly priority: number
  readonly resource: string
  readonly state: number
  readonly not_before: Date | null
  readonly attempts: Generated<number>
  readonly max_attempts: number
  readonly payload: Json
  readonly progress: Json | null
  readonly error: string | null
  readonly strikes: Generated<Json>
  readonly cancel_requested: Generated<boolean>
  readonly enqueued_at: Generated<Date>
  readonly started_at: Date | null
  readonly worker: string | null
  readonly lease_until: Date | null
  readonly next_id: string | null
  readonly next_payload: Json | null
  readonly next_priority: number | null
  readonly next_not_before: Date | null
}

interface JobHistoryTable {
  readonly id: string
  readonly cid: string
  readonly name: string
  readonly key: string
  readonly priority: number
  readonly resource: string
  readonly outcome: string
  readonly attempts: number
  readonly payload: Json
  readonly progress: Json | null
  readonly error: string | null
  readonly enqueued_at: Date
  readonly started_at: Date | null
  readonly finished_at: Generated<Date>
}

interface JobResourceTable {
  readonly cid: string
  readonly resource: string
  readonly at_most: number | null
  readonly blocked_until: Date | null
}

interface JobScheduleTable {
  readonly schedule: string
  readonly slot: Date
}

/** The tables of the queue. */
export interface JobTables {
  readonly job: JobTable
  readonly job_history: JobHistoryTable
  readonly job_resource: JobResourceTable
  readonly job_schedule: JobScheduleTable
}
