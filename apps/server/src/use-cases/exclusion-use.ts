import type { Database } from '../db/database.ts'
import { listExclusionUse, putExclusionUse } from '../db/exclusion-use.ts'

/** When an exclusion first and last covered something in a verdict that was asked for. */
export interface ExclusionUseTimes {
  readonly first: Date
  readonly last: Date
}

/** When exclusions cover something: noted in memory at every verdict, written together and never in a verdict's way. */
export interface ExclusionUse {
  /** Exclusions that a verdict rests on. `verdict` is the same object whenever it is given again from memory. */
  noted(cid: string, verdict: object, exclusions: () => readonly string[]): void
  /** By exclusion; those that never covered anything are not there. */
  of(cid: string): Promise<ReadonlyMap<string, ExclusionUseTimes>>
  /** Writes what is noted. */
  flush(): Promise<void>
}

/** Milliseconds between two writings. */
const exclusionUseWritten = 5000
/** How exactly the last time is known, in milliseconds: a verdict that is asked for again sooner is not noted again. */
const exclusionUseNoted = 60_000

export function exclusionUse(ports: {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
}): ExclusionUse {
  const { database, clock } = ports
  const seen = new WeakMap<object, number>()
  let noted = new Map<string, Map<string, { first: number; last: number }>>()
  let written = Number.NEGATIVE_INFINITY
  let writing: Promise<void> = Promise.resolve()

  function write(): Promise<void> {
    written = clock()
    writing = writing.then(async () => {
      const batch = noted
      noted = new Map()
      for (const [cid, used] of batch)
        try {
          const rows = [...used].map(([id, { first, last }]) => ({
            id,
            first: new Date(first),
            last: new Date(last),
          }))
          await putExclusionUse(database, cid, rows)
        } catch {
          // The database is away: the same is noted again by the next verdicts, and what is lost is a time.
          for (const [id, { first, last }] of used) put(cid, id, first, last)
        }
    })
    return writing
  }

  function put(cid: string, id: string, first: number, last: number): void {
    const used = noted.get(cid) ?? new Map<string, { first: number; last: number }>()
    noted.set(cid, used)
    const known = used.get(id)
    if (!known) used.set(id, { first, last })
    else {
      known.first = Math.min(known.first, first)
      known.last = Math.max(known.last, last)
    }
  }

  return {
    noted(cid, verdict, exclusions) {
      const now = clock()
      if (now - (seen.get(verdict) ?? Number.NEGATIVE_INFINITY) < exclusionUseNoted) return
      seen.set(verdict, now)
      for (const id of exclusions()) put(cid, id, now, now)
      if (now - written >= exclusionUseWritten) void write()
    },
    async of(cid) {
      await write()
      return new Map(
        (await listExclusionUse(database, cid)).map(({ id, first, last }) => [id, { first, last }]),
      )
    },
    flush: write,
  }
}
