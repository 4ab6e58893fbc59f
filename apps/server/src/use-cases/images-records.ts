import { endOfLife } from '@lanner/matching'
import { imagePage, imageTotal, type ListedImage } from '../db/image-list.ts'
import { type ImageRecord, imageRecords as recordsOf } from '../db/image-record.ts'
import { type ImagePorts, type ListPage, type ListRequest, pageOf, totalOf } from './images-list.ts'
import { selectionOf } from './images-selection.ts'

/** The image that another one's lowest layers are those of. */
export interface SourceImage {
  readonly id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
}

export interface DetailedImage extends ListedImage {
  /** `YYYY-MM-DD`, where updates of its distribution ended. */
  readonly endOfLife?: string
  readonly base?: SourceImage
  /** The config as published, where it was asked for and read. */
  readonly config?: string
}

export interface ImageRecords {
  details(cid: string, request: ListRequest, withConfig: boolean): Promise<ListPage<DetailedImage>>
}

export function imageRecords({ database, now }: ImagePorts): ImageRecords {
  return {
    async details(cid, request, withConfig) {
      const page = { ...selectionOf(request.filter), ...pageOf(request) }
      const rows = await imagePage(database, cid, page)
      const [total, records] = await Promise.all([
        totalOf(request, rows.length, () => imageTotal(database, cid, page)),
        recordsOf(database, cid, [...new Set(rows.map((row) => row.content_digest))], withConfig),
      ])
      const byDigest = new Map(records.map((record) => [record.digest, record]))
      return { rows: rows.map((row) => detailed(row, byDigest.get(row.content_digest), now())), total }
    },
  }
}

function detailed(row: ListedImage, record: ImageRecord | undefined, now: Date): DetailedImage {
  if (!record) return row
  const ended = record.distribution ? endOfLife(record.distribution, now)?.date : undefined
  const base = baseOf(record)
  return {
    ...row,
    ...(ended === undefined ? {} : { endOfLife: ended }),
    ...(base ? { base } : {}),
    ...(record.config === null ? {} : { config: record.config }),
  }
}

function baseOf(record: ImageRecord): SourceImage | undefined {
  if (record.base_image_id === null) return undefined
  return {
    id: record.base_image_id,
    registry: record.base_registry ?? '',
    repository: record.base_repository ?? '',
    tag: record.base_tag ?? '',
    digest: record.base_digest ?? '',
  }
}
