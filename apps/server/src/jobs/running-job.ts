import type { ClaimedJob } from '../use-cases/job-queue.ts'

/** A job that this process holds. */
export class RunningJob {
  readonly claimed: ClaimedJob
  readonly controller = new AbortController()
  readonly begun: number
  /** Resolves when it is over and that is written. */
  over: Promise<void> = Promise.resolve()
  #progress: unknown

  constructor(claimed: ClaimedJob, begun: number) {
    this.claimed = claimed
    this.begun = begun
  }

  progress(value: unknown): void {
    this.#progress = value
  }

  /** What was told since the last time, if anything was. */
  takeProgress(): unknown {
    const told = this.#progress
    this.#progress = undefined
    return told
  }
}
