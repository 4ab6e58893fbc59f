import { Fault } from '@lanner/model'
import type { Static, TSchema } from 'typebox'
import type { Strike } from '../use-cases/job-queue.ts'
import type { JobType } from '../use-cases/job-type.ts'

/** What a run is given beside its payload. */
export interface JobContext<Services> {
  readonly services: Services
  readonly id: string
  readonly cid: string
  readonly key: string
  /** 1 for the first. */
  readonly attempt: number
  /** What ended the process that an earlier run worked in, oldest first. */
  readonly strikes: readonly Strike[]
  /** A failure of this run is final. */
  readonly lastAttempt: boolean
  /** Aborted when the job is cancelled, its lease is lost, or the process stops. */
  readonly signal: AbortSignal
  /** Tells how far it is: plain JSON, written about once a second, the last one wins. */
  progress(value: unknown): void
}

/** A job and what it does. Runs must bear being repeated: whoever dies on the way is followed by another. */
export interface Job<Payload extends TSchema = TSchema, Services = unknown> extends JobType<Payload> {
  run(payload: Static<Payload>, context: JobContext<Services>): Promise<void>
}

/** A job of any payload, as the table of all of them holds it. */
export interface AnyJob<Services> extends JobType {
  run(payload: never, context: JobContext<Services>): Promise<void>
}

/** `defineJob({ ...assessImageJob, run: ({ digest }, { services, signal }) => services.assess.image(digest, { signal }) })` */
export function defineJob<Services, Payload extends TSchema = TSchema>(
  job: Job<Payload, Services>,
): Job<Payload, Services> {
  return job
}

/**
 * Thrown by a run that could not get at something now: it waits until `notBefore` without an attempt being counted, and so do
 * all jobs that use the same resource.
 */
export class TryLaterFault extends Fault<'try-later'> {
  readonly notBefore: Date

  constructor(message: string, notBefore: Date, options: { readonly cause?: unknown } = {}) {
    super('try-later', message, { ...options, retryable: true })
    this.notBefore = notBefore
  }
}

/** A table of jobs that cannot be worked with: nothing is started. */
export class JobTableFault extends Fault<'duplicate-job' | 'unhandled-job' | 'unknown-job'> {}

/** Jobs by name. Throws where one has two handlers, or a type that is put in has none. */
export function jobTable<Services>(
  jobs: readonly AnyJob<Services>[],
  types: readonly JobType[],
): ReadonlyMap<string, AnyJob<Services>> {
  const table = new Map<string, AnyJob<Services>>()
  for (const job of jobs) {
    if (table.has(job.name))
      throw new JobTableFault('duplicate-job', `job ${job.name} has more than one handler`)
    table.set(job.name, job)
  }
  const known = new Set(types.map(({ name }) => name))
  const unhandled = [...known].filter((name) => !table.has(name))
  if (unhandled.length > 0)
    throw new JobTableFault('unhandled-job', `no handler for the jobs ${unhandled.join(', ')}`)
  const unasked = [...table.keys()].filter((name) => !known.has(name))
  if (unasked.length > 0)
    throw new JobTableFault('unknown-job', `handlers for jobs that nobody puts in: ${unasked.join(', ')}`)
  return table
}
