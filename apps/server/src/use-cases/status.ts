import { usedBytes } from '../db/blob-usage.ts'
import type { Database } from '../db/database.ts'
import { databaseVersion, imagesByState, jobCounts, liveJobs } from '../db/status.ts'
import type { AdvisoryStatus } from './advisories.ts'

/** How the server stands, as a tenant may see it. */
export interface ServerStatus {
  readonly version: string
  readonly startedAt: Date
  readonly database: { readonly version: string; readonly embedded: boolean }
  readonly advisories: { readonly state: AdvisoryStatus['state']; readonly revision: string | undefined }
  readonly images: {
    readonly pending: number
    readonly assessed: number
    readonly partially: number
    readonly not_assessable: number
  }
  /** `failed` within a day. */
  readonly jobs: { readonly waiting: number; readonly running: number; readonly failed: number }
  /** Bytes that are pushed, and that may be. */
  readonly storage: { readonly bytes: number; readonly quota: number | undefined }
}

export interface Status {
  of(cid: string): Promise<ServerStatus>
}

const day = 86_400_000
/** Milliseconds for which a length of the queue stands: whoever asks for metrics needs no token. */
const queueLengthStands = 10_000

/** Jobs of all tenants that wait or run; counted now and then, however often it is asked. */
export function queueLength(ports: {
  readonly database: Database
  readonly clock: () => number
}): () => Promise<Readonly<Record<string, number>>> {
  let counted = Number.NEGATIVE_INFINITY
  let length: Promise<Readonly<Record<string, number>>> = Promise.resolve({})
  return () => {
    const now = ports.clock()
    if (Math.abs(now - counted) >= queueLengthStands) {
      counted = now
      // Without a database there is no number to tell, and the other metrics are wanted all the more.
      length = liveJobs(ports.database).catch(() => ({}))
    }
    return length
  }
}

export function serverStatus(ports: {
  readonly database: Database
  readonly startedAt: Date
  readonly version: string
  readonly embedded: boolean
  readonly quota: number | undefined
  readonly now: () => Date
  readonly advisories: () => Promise<AdvisoryStatus>
}): Status {
  const { database, startedAt, version, embedded, quota, now } = ports
  return {
    async of(cid) {
      const [server, images, jobs, bytes, advisories] = await Promise.all([
        databaseVersion(database),
        imagesByState(database, cid),
        jobCounts(database, cid, new Date(now().getTime() - day)),
        usedBytes(database, cid),
        ports.advisories(),
      ])
      const count = (state: string): number => images.get(state) ?? 0
      return {
        version,
        startedAt,
        database: { version: server, embedded },
        advisories: { state: advisories.state, revision: advisories.revision },
        images: {
          pending: count('pending'),
          assessed: count('assessed'),
          partially: count('partially'),
          not_assessable: count('not_assessable'),
        },
        jobs,
        storage: { bytes, quota },
      }
    },
  }
}
