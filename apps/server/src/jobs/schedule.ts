import type { Static, TSchema } from 'typebox'
import { type JobType, platformCid } from '../use-cases/job-type.ts'

/** Work of the platform itself that is due again and again. */
export interface Schedule<Payload extends TSchema = TSchema> {
  readonly name: string
  /** Milliseconds, at least 1,000; slots are multiples of it since 1970, alike on every instance. */
  readonly every: number
  readonly job: JobType<Payload>
  readonly payload: Static<Payload>
}

/** Puts a job in once every so often, whichever instance is the first; what was missed while none ran is made up for once. */
export function defineSchedule<Payload extends TSchema>(schedule: Schedule<Payload>): Schedule<Payload> {
  return schedule
}

/** The slot that a moment lies in. */
export function slotOf(schedule: Schedule, now: number): Date {
  return new Date(Math.floor(now / schedule.every) * schedule.every)
}

/** Whose work scheduled jobs are. */
export const scheduledFor = { cid: platformCid } as const
