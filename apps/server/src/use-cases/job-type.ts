import { Fault } from '@lanner/model'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Database } from '../db/database.ts'
import { insertJobs } from '../db/job.ts'
import { timeOrderedId } from '../db/job-id.ts'
import { nameResource } from '../db/job-resource.ts'
import { storableJson } from '../db/storable.ts'
import { ringJobBell } from './job-bell.ts'

/** Classes of urgency: a worker that is free takes the most urgent job there is. */
export const priorities = { gate: 0, push: 1, user: 2, discovery: 3, rescan: 4 } as const
export type Priority = keyof typeof priorities

/** The tenant of work that is the platform's own. */
export const platformCid = ''

/** A job cannot be put in, or ended otherwise than by its own doing. */
export class JobFault extends Fault<'invalid-payload' | 'cancelled' | 'lease-lost' | 'stopped'> {}

/** What whoever puts a job in has to know of it. What it does is told apart from that, in `jobs/`. */
export interface JobType<Payload extends TSchema = TSchema> {
  /** Of letters, digits and dashes. */
  readonly name: string
  /** Plain JSON. Secrets do not belong into it: it is kept in the history. */
  readonly payload: Payload
  /** At most one job of this name, tenant and key is live; asked for again while it runs, it runs once more. */
  key(payload: Static<Payload>): string
  readonly attempts: number
  readonly priority: Priority
}

/** A type of job as it is; the compiler reads its payload from the schema. */
export function jobType<Payload extends TSchema>(type: JobType<Payload>): JobType<Payload> {
  return type
}

export interface EnqueueOptions {
  /** Whose work it is; `platformCid` for nobody's. */
  readonly cid: string
  /** Default: the type's. */
  readonly priority?: Priority
  /** Default: at once. */
  readonly notBefore?: Date
  /** What only so many jobs of the tenant may use at once, such as `registry:<id>`. */
  readonly resource?: string
}

const maxKey = 512
/** Jobs of one statement. */
const batch = 1_000

/**
 * Puts a job in; inside a transaction it appears with the rest of it or not at all, and workers of this process begin it as
 * soon as it has committed. Answers the id under which it can be followed. Throws JobFault `invalid-payload`.
 */
export async function enqueue<Payload extends TSchema>(
  database: Database,
  type: JobType<Payload>,
  payload: Static<Payload>,
  options: EnqueueOptions,
): Promise<string> {
  const [id] = await enqueueAll(database, type, [payload], options)
  return id
}

/** Puts many jobs in, as `enqueue` does one. Answers their ids in the same order; payloads of one key share one. */
export async function enqueueAll<Payload extends TSchema>(
  database: Database,
  type: JobType<Payload>,
  payloads: readonly Static<Payload>[],
  options: EnqueueOptions,
): Promise<string[]> {
  const { cid, priority = type.priority, notBefore, resource = '' } = options
  const keys = payloads.map((payload) => keyOf(type, payload))
  // Of those under one key the last holds, as it would one by one.
  const jobs = [...new Map(payloads.map((payload, index) => [keys[index], payload]))].map(
    ([key, payload]) => ({
      id: timeOrderedId(Date.now()),
      key,
      payload: storableJson(payload),
    }),
  )
  if (resource !== '') await nameResource(database, cid, resource)
  const ids = new Map<string, string>()
  for (let start = 0; start < jobs.length; start += batch) {
    const inserted = await insertJobs(database, cid, {
      name: type.name,
      priority: priorities[priority],
      resource,
      maxAttempts: type.attempts,
      ...(notBefore ? { notBefore } : {}),
      jobs: jobs.slice(start, start + batch),
    })
    for (const [key, id] of inserted) ids.set(key, id)
  }
  ringJobBell('enqueued')
  return keys.map((key) => ids.get(key) as string) // Every key was inserted.
}

const checks = new WeakMap<TSchema, ReturnType<typeof Compile>>()

/** What is wrong with a payload, or undefined. */
export function payloadProblem(type: JobType, payload: unknown): string | undefined {
  const check = checks.get(type.payload) ?? Compile(type.payload)
  checks.set(type.payload, check)
  if (check.Check(payload)) return undefined
  const [error] = check.Errors(payload)
  return `${error?.instancePath || 'the payload'} ${error?.message ?? 'is of another shape'}`
}

function keyOf<Payload extends TSchema>(type: JobType<Payload>, payload: Static<Payload>): string {
  const problem = payloadProblem(type, payload)
  if (problem !== undefined)
    throw new JobFault('invalid-payload', `job ${type.name} was not put in: ${problem}`)
  const key = type.key(payload)
  if (key.length <= maxKey) return key
  throw new JobFault(
    'invalid-payload',
    `job ${type.name} was not put in: its key has ${key.length} characters; at most ${maxKey} are allowed`,
  )
}
