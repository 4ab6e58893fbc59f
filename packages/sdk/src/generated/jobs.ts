// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface Job {
  readonly id: string
  /** kind of job */
  readonly name: string
  /** what it is about; one live job for each */
  readonly key: string
  readonly priority: 'gate' | 'push' | 'user' | 'discovery' | 'rescan'
  readonly state: 'ready' | 'delayed' | 'running' | 'done' | 'failed' | 'cancelled'
  /** begun so far */
  readonly attempts: number
  /** what the job tells while it runs; null when it tells nothing */
  readonly progress: unknown
  /** why it failed, or why its last attempt did */
  readonly error: string | null
  readonly cancel_requested: boolean
  /** RFC 3339 */
  readonly enqueued_at: string
  /** RFC 3339 */
  readonly not_before: string | null
  /** RFC 3339 */
  readonly started_at: string | null
  /** RFC 3339 */
  readonly finished_at: string | null
}

/** Parameters of ListJobs. */
export interface ListJobsParameters {
  /** only jobs of this kind */
  readonly name?: string
  /** only jobs in these states */
  readonly state?: string | readonly ('ready' | 'delayed' | 'running' | 'done' | 'failed' | 'cancelled')[]
  /** id of the job before which to go on */
  readonly before?: string
  /** largest number of jobs to return; 1 to 500; 100 unless said */
  readonly limit?: number
}

/** What goes with a call of ListJobs. */
export interface ListJobsInput extends CallOptions {
  readonly parameters?: ListJobsParameters
}

/** What goes with a call of GetJob. */
export interface GetJobInput extends CallOptions {
  readonly path: {
    /** id of the job */
    readonly id: string
  }
}

/** What goes with a call of CancelJob. */
export interface CancelJobInput extends CallOptions {
  readonly path: {
    /** id of the job */
    readonly id: string
  }
}

/** The collection Jobs of the Lanner dialect. */
export class Jobs extends Service {
  /**
   * Jobs that wait, run or have ended, newest first.
   * Read page by page: before is the id of the last job of the page.
   *
   * Scope: lanner-jobs:read.
   */
  ListJobs(input?: ListJobsInput): Promise<Result<Resources<Job>>> {
    return this.client.command('ListJobs', input)
  }

  /** The same as ListJobs. */
  list_jobs(input?: ListJobsInput): Promise<Result<Resources<Job>>> {
    return this.client.command('ListJobs', input)
  }

  /**
   * One job.
   *
   * Scope: lanner-jobs:read.
   */
  GetJob(input: GetJobInput): Promise<Result<Resources<Job>>> {
    return this.client.command('GetJob', input)
  }

  /** The same as GetJob. */
  get_job(input: GetJobInput): Promise<Result<Resources<Job>>> {
    return this.client.command('GetJob', input)
  }

  /**
   * Ends a job that waits at once, one that runs in a moment.
   *
   * Scope: lanner-jobs:write.
   */
  CancelJob(input: CancelJobInput): Promise<Result<Resources<Job>>> {
    return this.client.command('CancelJob', input)
  }

  /** The same as CancelJob. */
  cancel_job(input: CancelJobInput): Promise<Result<Resources<Job>>> {
    return this.client.command('CancelJob', input)
  }
}
