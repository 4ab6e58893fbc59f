import type { RebuildProgress } from '../compile/rebuild.ts'
import type { SourceReport } from '../compile/rebuild-report.ts'
import type { ChangedKey } from '../delta.ts'
import type { Fetch } from './fetch.ts'

/** Where the feeds are, as their publishers name them. */
export const feedAddresses = {
  osv: 'https://osv-vulnerabilities.storage.googleapis.com',
  epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
  kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  debianTracker: 'https://security-tracker.debian.org/tracker/data/json',
  redHatVex: 'https://security.access.redhat.com/data/csaf/v2/vex',
} as const

/** Told now and then while feeds are fetched and the store is written. */
export interface UpdateProgress extends Partial<RebuildProgress> {
  readonly source?: string
  /** Bytes fetched, and expected where the server says so. */
  readonly bytes?: number
  readonly total?: number
}

/** Which feeds are asked, where they are, and by what means. */
export interface UpdateOptions {
  /** Folders of the OSV bucket (`npm`, `Debian`); by default all that it lists. */
  readonly ecosystems?: readonly string[]
  /** The OSV bucket or a mirror of it. */
  readonly baseUrl?: string
  /** `false` leaves a feed out. */
  readonly epssUrl?: string | false
  readonly kevUrl?: string | false
  /** Taken when Debian is among the ecosystems. */
  readonly debianTrackerUrl?: string | false
  /** The folder that holds `archive_latest.txt` and `changes.csv`. Left out unless named: the archive is very large. */
  readonly redHatVexUrl?: string | false
  readonly fetch?: Fetch
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: UpdateProgress) => void
  readonly now: () => Date
}

/** What became of one feed. */
export interface UpdatedSource {
  readonly source: string
  /** `whole`: taken anew. `changes`: some records. `unchanged`: asked, nothing new. `failed`: the store keeps what it had. */
  readonly outcome: 'whole' | 'changes' | 'unchanged' | 'failed'
  /** Records fetched. */
  readonly records?: number
  /** Why it failed, or what did not come along. */
  readonly message?: string
  readonly report?: SourceReport
}

/** What an update did to the store. */
export interface UpdateReport {
  readonly revision: string
  readonly sources: readonly UpdatedSource[]
  /** Packages about which something else is said now; `all` after whole sources were taken. */
  readonly changedKeys: readonly ChangedKey[] | 'all'
  readonly compactionDue: boolean
}

const mebi = 1 << 20

/** Bytes that a feed may have; the largest today are a tenth of it. */
export const feedCaps = {
  archive: 4096 * mebi,
  record: 32 * mebi,
  list: 16 * mebi,
  epss: 256 * mebi,
  kev: 64 * mebi,
  tracker: 1024 * mebi,
  vexArchive: 16_384 * mebi,
} as const

/** A source is compared as a whole this often, as nothing lists what was deleted. */
export const wholeAfterHours = 7 * 24
/** The tracker has no list of changes and is taken whole, so not at every turn. */
export const trackerAfterHours = 6
/** A new copy with fewer records and less than this part of the old is taken for a broken export. */
export const smallestShare = 0.9
