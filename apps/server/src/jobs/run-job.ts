import { Fault } from '@lanner/model'
import { ReaderFault } from '../use-cases/assessment/image-reader.ts'
import { type ClaimedJob, databaseIsGone, type Strike } from '../use-cases/job-queue.ts'
import { JobFault, payloadProblem } from '../use-cases/job-type.ts'
import { type AnyJob, TryLaterFault } from './define.ts'

/** How a run ended, before anybody was told. */
export type RunResult =
  | { readonly kind: 'ended'; readonly outcome: 'done' | 'failed' | 'cancelled'; readonly error?: string }
  | {
      readonly kind: 'postponed'
      readonly delaySeconds: number
      readonly error: string
      readonly uncounted: boolean
      /** Others that use the same resource have to wait as well. */
      readonly pause: boolean
      readonly strike?: Strike
    }
  /** The job is somebody else's by now. */
  | { readonly kind: 'lost' }

export interface RunOptions<Services> {
  readonly services: Services
  readonly signal: AbortSignal
  readonly now: () => number
  /** From 0 to 1, so that what failed together is not tried again together. */
  readonly random: () => number
  readonly onProgress: (value: unknown) => void
  /** Told of what is no Fault: a mistake of ours, which no tenant gets to read. */
  readonly onUnexpected: (error: unknown) => void
}

/** Seconds until a job is tried again whose handler this version does not have. */
const unknownDelay = 60
const maxDelay = 600
const maxErrorLength = 2_000

/** Runs a job once. Never throws. */
export async function runJob<Services>(
  job: AnyJob<Services> | undefined,
  claimed: ClaimedJob,
  options: RunOptions<Services>,
): Promise<RunResult> {
  const { signal } = options
  if (!job) {
    const error = `this version of the platform has no job ${claimed.name}`
    return { kind: 'postponed', delaySeconds: unknownDelay, error, uncounted: true, pause: false }
  }
  const problem = payloadProblem(job, claimed.payload)
  if (problem !== undefined) return { kind: 'ended', outcome: 'failed', error: `cannot be run: ${problem}` }
  try {
    signal.throwIfAborted()
    // Checked against its schema a line above.
    await job.run(claimed.payload as never, {
      services: options.services,
      id: claimed.id,
      cid: claimed.cid,
      key: claimed.key,
      attempt: claimed.attempts,
      strikes: claimed.strikes,
      lastAttempt: claimed.attempts >= claimed.maxAttempts,
      signal,
      progress: options.onProgress,
    })
    return { kind: 'ended', outcome: 'done' }
  } catch (error) {
    if (signal.aborted) return abortedResult(signal.reason)
    if (!(error instanceof Fault)) options.onUnexpected(error)
    return failedResult(claimed, error, options)
  }
}

function abortedResult(reason: unknown): RunResult {
  const code = reason instanceof JobFault ? reason.code : 'stopped'
  if (code === 'cancelled') return { kind: 'ended', outcome: 'cancelled' }
  if (code === 'lease-lost') return { kind: 'lost' }
  return {
    kind: 'postponed',
    delaySeconds: 0,
    error: 'the worker was stopped',
    uncounted: true,
    pause: false,
  }
}

function failedResult<Services>(
  { id, attempts, maxAttempts }: ClaimedJob,
  error: unknown,
  { now, random }: RunOptions<Services>,
): RunResult {
  const message = errorText(error, id)
  if (error instanceof TryLaterFault) {
    const delaySeconds = Math.max(1, (error.notBefore.getTime() - now()) / 1000)
    return { kind: 'postponed', delaySeconds, error: message, uncounted: true, pause: true }
  }
  if (databaseIsGone(error)) {
    const delaySeconds = 0.5 + random()
    return { kind: 'postponed', delaySeconds, error: message, uncounted: true, pause: false }
  }
  // A fault knows whether trying again may help; what is none may have been the moment.
  const hopeless = error instanceof Fault && !error.retryable
  if (hopeless || attempts >= maxAttempts) return { kind: 'ended', outcome: 'failed', error: message }
  const later = { kind: 'postponed', error: message, uncounted: false, pause: false } as const
  if (error instanceof ReaderFault)
    // Nothing that has to come back first: whether it was the image, the second time tells.
    return { ...later, delaySeconds: 0.5 + random(), strike: { on: error.manifestDigest, reason: message } }
  return { ...later, delaySeconds: Math.min(maxDelay, 2 ** attempts) * (0.5 + random() / 2) }
}

function errorText(error: unknown, id: string): string {
  if (!(error instanceof Fault)) return `unexpected error; the log of the platform tells it under job ${id}`
  return error.message.slice(0, maxErrorLength).replaceAll('\0', '').toWellFormed()
}
