import type { Checked, SortColumn } from '@lanner/fql'
import { type AssessmentDay, assessmentDays } from '../db/assessment-history.ts'
import type { Database } from '../db/database.ts'
import {
  type ContainerCounts,
  containersOf,
  type ImageBucket,
  type ImageSelection,
  type ImageVulnerabilities,
  imageBuckets,
  imageCount,
  imagePage,
  imageTotal,
  type ListedImage,
  maxListTotal,
  mostVulnerableImages,
} from '../db/image-list.ts'
import type { AskedPage } from '../filters/asked-page.ts'
import { fullLists } from './full-lists.ts'
import { selectionOf } from './images-selection.ts'

export interface ImagePorts {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
  readonly now: () => Date
}

/** What of a list is asked for. */
export interface ListRequest extends AskedPage {
  /** Of these images only, by uuid. */
  readonly only?: readonly string[]
}

/** A page of a list. `total` is exact up to 10,000, further than which no page reaches, and that where there are more. */
export interface ListPage<Row> {
  readonly rows: readonly Row[]
  readonly total: number
}

export interface RunningCounts {
  readonly running: number
  readonly stopped: number
}

export type ImageInList = ListedImage & { readonly containers: RunningCounts }

/** Images as lists and counts show them: what names stand for now, and what is known only by its digest. */
export interface ImageLists {
  list(cid: string, request: ListRequest): Promise<ListPage<ImageInList>>
  /** All of them, without a bound. */
  count(cid: string, filter?: Checked): Promise<number>
  /** The most first; '' where no operating system is known. */
  countByBaseOs(cid: string, filter?: Checked): Promise<readonly ImageBucket[]>
  /** Every state, also those of no image. */
  countByState(cid: string, filter?: Checked): Promise<readonly ImageBucket[]>
  mostVulnerable(cid: string, limit: number, filter?: Checked): Promise<readonly ImageVulnerabilities[]>
  /** How assessments ended, by day, over the last year. */
  assessments(cid: string, filter?: Checked): Promise<readonly AssessmentDay[]>
}

const states = ['assessed', 'partially', 'not_assessable', 'pending'] as const
const historyDays = 366
const day = 24 * 60 * 60 * 1000

export function imageLists({ database, now }: ImagePorts): ImageLists {
  const full = fullLists(now)

  async function total(cid: string, selection: ImageSelection): Promise<number> {
    const { filter } = selection
    if (!selection.withoutBase && full.has(cid, filter)) return maxListTotal
    const counted = await imageTotal(database, cid, selection)
    if (!selection.withoutBase && counted === maxListTotal) full.note(cid, filter)
    return counted
  }

  return {
    async list(cid, request) {
      const page = { ...selectionOf(request.filter), ...pageOf(request) }
      const rows = await imagePage(database, cid, page)
      const [found, containers] = await Promise.all([
        totalOf(request, rows.length, () => total(cid, page)),
        runningCounts(database, cid, rows),
      ])
      return { rows: rows.map((row) => ({ ...row, containers: containers(row) })), total: found }
    },
    count: (cid, filter) => imageCount(database, cid, selectionOf(filter)),
    countByBaseOs: (cid, filter) => imageBuckets(database, cid, 'base_os', selectionOf(filter)),
    async countByState(cid, filter) {
      const found = await imageBuckets(database, cid, 'state', selectionOf(filter))
      const counts = new Map(found.map(({ label, count }) => [label, count]))
      return states.map((label) => ({ label, count: counts.get(label) ?? 0 }))
    },
    mostVulnerable: (cid, limit, filter) => mostVulnerableImages(database, cid, selectionOf(filter), limit),
    assessments: (cid, filter) =>
      assessmentDays(database, cid, new Date(now().getTime() - historyDays * day), filter),
  }
}

/** Limit, offset and order for a statement. */
export function pageOf({ sort, limit, offset, only }: ListRequest): {
  limit: number
  offset: number
  sort?: readonly SortColumn[]
  only?: readonly string[]
} {
  return { limit, offset, ...(sort ? { sort } : {}), ...(only ? { only } : {}) }
}

/** A page that is not full says by itself how many there are. */
export async function totalOf(
  { limit, offset }: ListRequest,
  found: number,
  count: () => Promise<number>,
): Promise<number> {
  return found < limit && (found > 0 || offset === 0) ? offset + found : count()
}

/** Containers by image, for the images of a page: those that run its digest, and those that run its index. */
export async function runningCounts(
  database: Database,
  cid: string,
  page: readonly Pick<ListedImage, 'digest' | 'index_digest'>[],
): Promise<(image: Pick<ListedImage, 'digest' | 'index_digest'>) => RunningCounts> {
  const digests = new Set(page.flatMap(({ digest, index_digest }) => [digest, index_digest]))
  digests.delete('')
  const found: readonly ContainerCounts[] =
    digests.size > 0 ? await containersOf(database, cid, [...digests]) : []
  const byDigest = new Map(found.map((counts) => [counts.image_digest, counts]))
  return ({ digest, index_digest }) => {
    const own = byDigest.get(digest)
    const listed = byDigest.get(index_digest)
    return {
      running: (own?.running ?? 0) + (listed?.running ?? 0),
      stopped: (own?.stopped ?? 0) + (listed?.stopped ?? 0),
    }
  }
}

export type { AssessmentDay }
