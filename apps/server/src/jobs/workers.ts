import { randomUUID } from 'node:crypto'
import type { Clock } from '@lanner/oci'
import { onJobBell } from '../use-cases/job-bell.ts'
import type { ClaimedJob, Ending, JobQueue, Postponement } from '../use-cases/job-queue.ts'
import { JobFault, type JobType, priorities } from '../use-cases/job-type.ts'
import { type AnyJob, jobTable } from './define.ts'
import { EndingWriter } from './ending-writer.ts'
import { Outage } from './outage.ts'
import { type RunResult, runJob } from './run-job.ts'
import { RunningJob } from './running-job.ts'
import { type Schedule, scheduledFor, slotOf } from './schedule.ts'
import { share, type Turns } from './share.ts'

/** What workers tell, for logs and metrics. Times in milliseconds. */
export type WorkerEvent =
  | { readonly kind: 'began'; readonly job: ClaimedJob; readonly waited: number }
  | {
      readonly kind: 'ended'
      readonly job: ClaimedJob
      readonly outcome: 'done' | 'failed' | 'cancelled'
      readonly took: number
      readonly error?: string
    }
  | {
      readonly kind: 'postponed'
      readonly job: ClaimedJob
      readonly delaySeconds: number
      readonly error: string
    }
  | { readonly kind: 'lost'; readonly job: ClaimedJob }
  /** A run threw what is no Fault. */
  | { readonly kind: 'unexpected'; readonly job: ClaimedJob; readonly error: unknown }
  /** The queue itself could not be asked; it is tried again. Where the database is away, that is told once. */
  | { readonly kind: 'trouble'; readonly what: string; readonly error: unknown }
  | { readonly kind: 'back' }

export interface WorkersOptions<Services> {
  readonly queue: JobQueue
  readonly services: Services
  /** Handlers, one for each of `types`. */
  readonly jobs: readonly AnyJob<Services>[]
  /** Everything that is ever put in. */
  readonly types: readonly JobType[]
  readonly schedules?: readonly Schedule[]
  /** Jobs at once. Most of them wait for disk, network or threads, so there may be more than cores. */
  readonly slots: number
  /** Slots that only gate and push get: an image that is pushed does not wait for a long rescan. Default 1, 0 of one slot. */
  readonly reserved?: number
  /** Nobody else takes from this queue: what is held when it starts is held by the dead. */
  readonly alone?: boolean
  readonly clock: Clock
  /** Default `Math.random`. */
  readonly random?: () => number
  readonly onEvent?: (event: WorkerEvent) => void
}

/** Milliseconds between looks while nothing is heard, and between heartbeats. */
const poll = 1_000
const beat = 1_000
/** Looks after the bell rang: whoever rang it may not have committed yet. */
const looks = [0, 3, 6, 12, 25, 50, 100, 200] as const
/** Milliseconds that aborted runs are given to let go. */
const grace = 2_000
const urgent = priorities.push
const pruneEvery = 3_600_000

/** Takes jobs from the queue and runs them in this process. */
export class Workers<Services> {
  readonly #options: WorkersOptions<Services>
  readonly #table: ReadonlyMap<string, AnyJob<Services>>
  readonly #reserved: number
  readonly #worker = randomUUID()
  readonly #running = new Map<string, RunningJob>()
  readonly #turns: Turns = new Map()
  readonly #fired = new Map<string, number>()
  readonly #stopping = new AbortController()
  readonly #outage: Outage
  readonly #endings: EndingWriter<Ending>
  readonly #postponements: EndingWriter<Postponement>
  #claiming: Promise<void> | undefined
  #beating: Promise<void> | undefined
  #look: number = looks.length
  /** Something may be left that no slot, or no resource, was free for. */
  #saturated = false
  #wake = () => {}
  #wakeBeat = () => {}
  #stopBell = () => {}

  /** Throws JobTableFault where types and handlers do not match. */
  constructor(options: WorkersOptions<Services>) {
    this.#options = options
    this.#table = jobTable(options.jobs, options.types)
    this.#reserved = options.reserved ?? (options.slots > 1 ? 1 : 0)
    const { queue, clock } = options
    const outage = new Outage({
      onTrouble: (what, error) => this.#tell({ kind: 'trouble', what, error }),
      onBack: () => this.#tell({ kind: 'back' }),
    })
    this.#outage = outage
    this.#endings = new EndingWriter({
      write: (endings) => queue.end(endings),
      clock,
      onTrouble: (error) => outage.failed('ending jobs', error),
      onWritten: () => outage.worked(),
    })
    this.#postponements = new EndingWriter({
      write: (postponements) => queue.postpone(postponements),
      clock,
      onTrouble: (error) => outage.failed('postponing jobs', error),
      onWritten: () => outage.worked(),
    })
  }

  /** Jobs that run now. */
  get running(): number {
    return this.#running.size
  }

  start(): void {
    if (this.#claiming) return
    this.#stopBell = onJobBell((news) => {
      if (news === 'cancelled') this.#wakeBeat()
      else this.#look = 0
      this.#wake()
    })
    this.#claiming = this.#claimLoop()
    this.#beating = this.#beatLoop()
  }

  /** Takes nothing new, waits for what runs, then aborts it and gives it back. Resolves when nothing is left running. */
  async stop({ within = 10_000 }: { readonly within?: number } = {}): Promise<void> {
    this.#stopping.abort()
    this.#stopBell()
    this.#wake()
    // What it is just claiming is begun first: nothing may be held that nobody knows of.
    await this.#claiming
    if (!(await this.#allOver(within))) {
      for (const { controller } of this.#running.values())
        controller.abort(new JobFault('stopped', 'the worker was stopped'))
      await this.#allOver(grace)
    }
    this.#endings.giveUp()
    this.#postponements.giveUp()
    const left = this.#running.size
    this.#running.clear()
    this.#wakeBeat()
    await this.#beating
    if (left > 0) await this.#asked('giving jobs back', () => this.#options.queue.release(this.#worker))
  }

  async #allOver(within: number): Promise<boolean> {
    const waiting = new AbortController()
    const late = this.#options.clock.wait(within, waiting.signal).then(
      () => false,
      () => true,
    )
    const done = Promise.all([...this.#running.values()].map(({ over }) => over)).then(() => true)
    const over = await Promise.race([done, late])
    waiting.abort()
    return over || this.#running.size === 0
  }

  async #claimLoop(): Promise<void> {
    const { signal } = this.#stopping
    if (this.#options.alone)
      await this.#asked('taking over jobs', () => this.#options.queue.takeOver(this.#worker))
    await this.#asked('reading statistics', () => this.#options.queue.analyze())
    let tidied = Number.NEGATIVE_INFINITY
    let pruned = Number.NEGATIVE_INFINITY
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve))
      const now = this.#options.clock.now()
      if (now - tidied >= poll) {
        tidied = now
        await this.#asked('tidying up', () => this.#options.queue.tidy())
        await this.#fire()
      }
      if (now - pruned >= pruneEvery) {
        pruned = now
        await this.#asked('pruning the history', () => this.#options.queue.prune())
      }
      const pause = this.#look < looks.length ? looks[this.#look++] : poll
      // Before the wait and not after: news that comes meanwhile resolves `woken`.
      await this.#asked('claiming jobs', () => this.#fill())
      if (this.#look === 0) continue
      await this.#pause(pause, woken)
    }
  }

  async #pause(milliseconds: number, woken: Promise<void>): Promise<void> {
    const waiting = new AbortController()
    const late = this.#options.clock.wait(milliseconds, waiting.signal).catch(() => undefined)
    await Promise.race([late, woken])
    waiting.abort()
    await late
  }

  async #fill(): Promise<void> {
    const { queue, slots } = this.#options
    for (;;) {
      const shares = await this.#shares()
      this.#saturated ||= this.#running.size >= slots
      if (shares.length === 0 || this.#stopping.signal.aborted) return
      const claimed = await queue.claim(this.#worker, shares)
      for (const job of claimed) this.#begin(job)
      if (claimed.length === 0) return
    }
  }

  /** What to take from which lane with the slots that are free. */
  async #shares() {
    const { queue, slots } = this.#options
    const all = [...this.#running.values()].map(({ claimed }) => claimed)
    const free = slots - all.length
    if (free <= 0) return []
    const ordinary = slots - this.#reserved - all.filter(({ priority }) => priority > urgent).length
    const running = new Map<string, number>()
    for (const { cid } of all) running.set(cid, (running.get(cid) ?? 0) + 1)
    const lanes = await queue.lanes(ordinary > 0 ? priorities.rescan : urgent)
    this.#saturated = ordinary <= 0 || all.some(({ resource }) => resource !== '')
    const pressing = share(
      lanes.filter(({ priority }) => priority <= urgent),
      free,
      running,
      this.#turns,
    )
    const left = free - pressing.reduce((sum, { take }) => sum + take, 0)
    const others = lanes.filter(({ priority }) => priority > urgent)
    return [...pressing, ...share(others, Math.min(left, ordinary), running, this.#turns)]
  }

  #begin(claimed: ClaimedJob): void {
    const { clock } = this.#options
    const job = new RunningJob(claimed, clock.now())
    // Lost to ourselves: its lease was over before a heartbeat noticed, and here it is again.
    this.#running.get(claimed.id)?.controller.abort(leaseLost())
    this.#running.set(claimed.id, job)
    this.#tell({ kind: 'began', job: claimed, waited: Math.max(0, job.begun - claimed.enqueuedAt.getTime()) })
    job.over = this.#run(job).finally(() => {
      if (this.#running.get(claimed.id) === job) this.#running.delete(claimed.id)
      if (this.#saturated || claimed.resource !== '') this.#wake()
    })
  }

  async #run(job: RunningJob): Promise<void> {
    const { claimed } = job
    const { services, clock, random = Math.random } = this.#options
    const result = await runJob(this.#table.get(claimed.name), claimed, {
      services,
      signal: job.controller.signal,
      now: () => clock.now(),
      random,
      onProgress: (value) => job.progress(value),
      onUnexpected: (error) => this.#tell({ kind: 'unexpected', job: claimed, error }),
    })
    // DANGER: what throws between here and the write leaves the job to its lease.
    await this.#settle(job, result)
  }

  async #settle(job: RunningJob, result: RunResult): Promise<void> {
    const { claimed } = job
    const held = { id: claimed.id, worker: this.#worker, attempts: claimed.attempts }
    if (result.kind === 'lost') return this.#tell({ kind: 'lost', job: claimed })
    if (result.kind === 'postponed') {
      const { delaySeconds, error, uncounted, pause, strike } = result
      if (pause && claimed.resource !== '') {
        const { cid, resource } = claimed
        await this.#asked('pausing a resource', () =>
          this.#options.queue.pauseResource(cid, resource, delaySeconds),
        )
      }
      if (
        await this.#postponements.add({
          ...held,
          delaySeconds,
          error,
          uncounted,
          ...(strike ? { strike } : {}),
        })
      )
        return this.#tell({ kind: 'postponed', job: claimed, delaySeconds, error })
      // Asked for again or to be cancelled meanwhile: this run is over for good.
    }
    const outcome =
      result.kind === 'ended'
        ? result.outcome
        : result.uncounted
          ? ('cancelled' as const)
          : ('failed' as const)
    const error = result.error === undefined ? {} : { error: result.error }
    const told = job.takeProgress()
    if (told !== undefined)
      await this.#asked('writing progress', () =>
        this.#options.queue.renew(this.#worker, [{ ...held, progress: told }]),
      )
    if (!(await this.#endings.add({ ...held, outcome, ...error })))
      return this.#tell({ kind: 'lost', job: claimed })
    this.#tell({
      kind: 'ended',
      job: claimed,
      outcome,
      took: this.#options.clock.now() - job.begun,
      ...error,
    })
  }

  /** Renews leases for as long as anything runs, also while stopping. */
  async #beatLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted || this.#running.size > 0) {
      const woken = new Promise<void>((resolve) => (this.#wakeBeat = resolve))
      if (this.#running.size > 0) await this.#asked('renewing leases', () => this.#renew())
      await this.#pause(beat, woken)
    }
  }

  async #renew(): Promise<void> {
    const jobs = [...this.#running.values()]
    const renewed = await this.#options.queue.renew(
      this.#worker,
      jobs.map((job) => ({
        id: job.claimed.id,
        worker: this.#worker,
        attempts: job.claimed.attempts,
        progress: job.takeProgress(),
      })),
    )
    const held = new Map(renewed.map(({ id, cancelRequested }) => [id, cancelRequested]))
    for (const { claimed, controller } of jobs) {
      const cancelRequested = held.get(claimed.id)
      if (cancelRequested === true) controller.abort(new JobFault('cancelled', 'the job was cancelled'))
      // Not while its end is being written: then it is gone because it is done.
      else if (cancelRequested === undefined && this.#running.has(claimed.id)) controller.abort(leaseLost())
    }
  }

  async #fire(): Promise<void> {
    const { schedules = [], queue, clock } = this.#options
    for (const schedule of schedules) {
      const slot = slotOf(schedule, clock.now())
      if (this.#fired.get(schedule.name) === slot.getTime()) continue
      await this.#asked(`putting in ${schedule.name}`, async () => {
        await queue.fire(schedule.name, slot, schedule.job, schedule.payload, scheduledFor)
        this.#fired.set(schedule.name, slot.getTime())
      })
    }
  }

  /** What the database does not answer now is asked again in the next round. */
  async #asked(what: string, ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask()
      this.#outage.worked()
    } catch (error) {
      this.#outage.failed(what, error)
    }
  }

  #tell(event: WorkerEvent): void {
    this.#options.onEvent?.(event)
  }
}

function leaseLost(): JobFault {
  return new JobFault('lease-lost', 'the job was given to another worker')
}
