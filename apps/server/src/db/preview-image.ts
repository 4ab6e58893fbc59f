import type { Distribution } from '@lanner/model'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** An image as policies see it, without what is in it. */
export interface PreviewImageRow {
  readonly image_uuid: string
  readonly set_id: number | null
  readonly profile_id: number | null
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** What its content is kept under. */
  readonly content_digest: string
  readonly architecture: string
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  /** RFC 3339; null also where it was not asked for. */
  readonly created: string | null
  /** '' where it is in no index. */
  readonly index_digest: string
  /** As published; null also where it was not asked for. */
  readonly config: string | null
}

/** What is read beside the columns that every preview needs: these lie with the content, which is dear to read. */
export interface PreviewImageColumns {
  readonly created: boolean
  readonly config: boolean
}

/** Where a page of images begins: behind this one. */
export interface PreviewPlace {
  readonly setId: number
  readonly imageUuid: string
}

/** A tenant's images under their present names that have a set of packages, in the order of sets. */
export async function previewImages(
  database: Database,
  cid: string,
  wanted: PreviewImageColumns,
  after: PreviewPlace | undefined,
  limit: number,
): Promise<readonly PreviewImageRow[]> {
  const { setId = 0, imageUuid = '00000000-0000-0000-0000-000000000000' } = after ?? {}
  const { rows } = await sql<PreviewImageRow>`
    select ${columns(wanted)} from image
    where cid = ${cid} and superseded_at is null and set_id is not null
      and (set_id, image_uuid) > (${setId}, ${imageUuid}::uuid)
    order by set_id, image_uuid limit ${limit}`.execute(database)
  return rows
}

/** Those of which nothing was read. */
export async function unreadPreviewImages(
  database: Database,
  cid: string,
  after: string | undefined,
  limit: number,
): Promise<readonly PreviewImageRow[]> {
  const { rows } = await sql<PreviewImageRow>`
    select ${columns({ created: false, config: false })} from image
    where cid = ${cid} and superseded_at is null and set_id is null
      and image_uuid > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid
    order by image_uuid limit ${limit}`.execute(database)
  return rows
}

function columns({ created, config }: PreviewImageColumns) {
  const ofContent = (column: string) =>
    sql`(select ${sql.raw(column)} from image_content where image_content.digest = image.content_digest)`
  return sql`image_uuid, set_id, profile_id, registry, repository, tag, digest, index_digest, content_digest,
    architecture, state,
    ${created ? sql`coalesce(to_json(created) #>> '{}', ${ofContent("facts ->> 'created'")})` : sql`null`} as created,
    ${config ? ofContent('config') : sql`null`} as config`
}

/** The distribution of every image with one of these profiles. Global. */
export async function profileDistributions(
  database: Database,
  profileIds: readonly number[],
): Promise<ReadonlyMap<number, Distribution>> {
  const { rows } = await sql<{ profile_id: number; distribution: Distribution }>`
    select profile_id, distribution from assessment_profile
    join matching_context on matching_context.context_id = assessment_profile.context_id
    where profile_id = any(${[...profileIds]}::bigint[]) and distribution is not null`.execute(database)
  return new Map(rows.map((row) => [row.profile_id, row.distribution]))
}

/** How many layers each content shares with the longest base that a tenant declared; those that share none are left out. */
export async function sharedBaseLayers(
  database: Database,
  cid: string,
  contents: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ digest: string; layers: number }>`
    with top as (
      select distinct on (image_layer.digest) image_layer.chain_id
      from base_image join image_layer on image_layer.digest = base_image.digest
      where base_image.cid = ${cid} order by image_layer.digest, image_layer.layer_index desc
    )
    select digest, max(layer_index) + 1 as layers from image_layer
    where digest = any(${[...contents]}::text[]) and chain_id in (select chain_id from top)
    group by digest`.execute(database)
  return new Map(rows.map((row) => [row.digest, row.layers]))
}

export interface ContentDetection {
  readonly digest: string
  readonly detection_id: string
  readonly type: string
  readonly name: string
  readonly severity: number
  readonly details: object
}

/** What was detected in each of these contents. Global: the caller came by the digests through images of its tenant. */
export async function detectionsOfContents(
  database: Database,
  contents: readonly string[],
): Promise<readonly ContentDetection[]> {
  const { rows } = await sql<ContentDetection>`
    select digest, detection_id, type, name, severity, details from detection
    where digest = any(${[...contents]}::text[])`.execute(database)
  return rows
}
