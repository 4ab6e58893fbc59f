import type { Checked, SortColumn } from '@lanner/fql'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { orderOf } from '../filters/asked-page.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { imageColumns } from './image-columns.ts'
import { plannedByValues } from './prepared.ts'

/**
 * Which images are meant. Everywhere in lists and counts an image is what a name stands for now, or what is known only by
 * its digest; what a tag has moved on from is no longer there.
 */
export interface ImageSelection {
  readonly filter?: Checked
  /** Vulnerabilities that come from a declared base image do not count. */
  readonly withoutBase?: boolean
  /** Of these only, by uuid. */
  readonly only?: readonly string[]
}

export interface ImagePage extends ImageSelection {
  readonly sort?: readonly SortColumn[]
  readonly limit: number
  readonly offset: number
}

/** Totals of lists are counted up to here: no page reaches further. */
export const maxListTotal = 10_000

/** What every list shows of an image. */
export interface ListedImage {
  readonly image_uuid: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** What its content is kept under. */
  readonly content_digest: string
  readonly index_digest: string
  readonly image_id: string
  readonly architecture: string
  readonly source: string
  readonly actor: string
  readonly base_os: string
  readonly base_os_version: string
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  readonly size: number
  readonly created: Date | null
  readonly first_seen: Date
  readonly last_seen: Date
  readonly assessed_at: Date | null
  readonly is_base_image: boolean
  readonly set_id: number | null
  readonly packages: number
  readonly vulnerabilities: number
  readonly highest_severity: number
  readonly highest_cps_rating: number
  readonly layers_with_vulnerabilities: number
  readonly detections: number
  readonly highest_detection_severity: number
  readonly ai_related: boolean
}

export const listedColumns =
  sql.raw(`image.cid, image.image_uuid, image.registry, image.repository, image.tag, image.digest, image.content_digest,
  image.index_digest, image.image_id, image.architecture, image.source, image.actor, image.base_os, image.base_os_version,
  image.state, image.size, image.created, image.first_seen, image.last_seen, image.assessed_at, image.is_base_image,
  image.set_id, image.packages, image.vulnerabilities, image.highest_severity, image.highest_cps_rating,
  image.layers_with_vulnerabilities, image.detections, image.highest_detection_severity`)

/** The condition for `image`. */
export function imagesWhere(cid: string, { filter, withoutBase, only }: ImageSelection): RawBuilder<SqlBool> {
  const among = only ? sql`and image.image_uuid = any(${[...only]}::uuid[])` : sql``
  const current = sql<SqlBool>`image.cid = ${cid} and image.superseded_at is null ${among}`
  return filter
    ? sql`${sql.raw(plannedByValues)} ${current} and ${compileFilter(filter, imageColumns(cid, withoutBase))}`
    : current
}

/** The order for `image`; the newest first where none is asked for. */
export function imageOrder(
  cid: string,
  { sort, withoutBase }: Omit<ImagePage, 'limit' | 'offset'>,
): RawBuilder<unknown> {
  return orderOf(
    sort,
    imageColumns(cid, withoutBase),
    sql`image.image_uuid`,
    sql`image.first_seen desc, image.image_uuid desc`,
  )
}

/** One page of images. */
export async function imagePage(
  database: Database,
  cid: string,
  page: ImagePage,
): Promise<readonly ListedImage[]> {
  const { rows } = await sql<ListedImage>`
    select page.*, coalesce(package_set.ai_related, false) as ai_related
    from (
      select ${listedColumns}, row_number() over () as place from (
        select image.* from image where ${imagesWhere(cid, page)}
        order by ${imageOrder(cid, page)} limit ${page.limit} offset ${page.offset}
      ) as image
    ) as page left join package_set on package_set.set_id = page.set_id
    order by page.place`.execute(database)
  return rows
}

/** How many images there are, up to a bound. */
export async function imageTotal(
  database: Database,
  cid: string,
  selection: ImageSelection,
  bound = maxListTotal,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from (
      select from image where ${imagesWhere(cid, selection)} limit ${bound}
    ) as counted`.execute(database)
  return rows[0].total
}

/** How many images there are, all of them. */
export async function imageCount(
  database: Database,
  cid: string,
  selection: ImageSelection,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from image where ${imagesWhere(cid, selection)}`.execute(database)
  return rows[0].total
}

export interface ImageBucket {
  readonly label: string
  readonly count: number
}

/** How many images there are of each operating system or in each state, the most first. */
export async function imageBuckets(
  database: Database,
  cid: string,
  by: 'base_os' | 'state',
  selection: ImageSelection,
): Promise<readonly ImageBucket[]> {
  const column: Expression<string> = by === 'state' ? sql`image.state` : sql`image.base_os`
  const { rows } = await sql<ImageBucket>`
    select ${column} as label, count(*) as count from image where ${imagesWhere(cid, selection)}
    group by 1 order by count desc, label`.execute(database)
  return rows
}

export interface ImageVulnerabilities {
  readonly image_id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly vulnerabilities: number
}

/** The images with the most vulnerabilities. */
export async function mostVulnerableImages(
  database: Database,
  cid: string,
  selection: ImageSelection,
  limit: number,
): Promise<readonly ImageVulnerabilities[]> {
  const { rows } = await sql<ImageVulnerabilities>`
    select image_id, registry, repository, tag, vulnerabilities from image where ${imagesWhere(cid, selection)}
    order by vulnerabilities desc, image_uuid limit ${limit}`.execute(database)
  return rows
}

export interface ContainerCounts {
  readonly image_digest: string
  readonly running: number
  readonly stopped: number
}

/** Containers that run, or ran, images with one of these digests (of a manifest or an index). */
export async function containersOf(
  database: Database,
  cid: string,
  digests: readonly string[],
): Promise<readonly ContainerCounts[]> {
  const { rows } = await sql<ContainerCounts>`
    select image_digest, count(*) filter (where running) as running, count(*) filter (where not running) as stopped
    from container where cid = ${cid} and image_digest = any(${[...digests]}::text[]) group by image_digest`.execute(
    database,
  )
  return rows
}
