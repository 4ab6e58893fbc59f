import type { Checked } from '@lanner/fql'
import { sql } from 'kysely'
import { compileFilter } from '../filters/compile-filter.ts'
import type { Database } from './database.ts'
import { imageColumns } from './image-columns.ts'

export interface StoredBaseImage {
  readonly base_image_id: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly image_id: string
  readonly created_at: Date
}

export type NewBaseImage = Omit<StoredBaseImage, 'created_at'>

/** Keeps declarations, each once, and marks the images that they are about; gives them in their order. */
export async function putBaseImages(
  database: Database,
  cid: string,
  images: readonly NewBaseImage[],
  now: Date,
): Promise<readonly StoredBaseImage[]> {
  const given = sql`unnest(
      ${images.map((image) => image.base_image_id)}::uuid[], ${images.map((image) => image.registry)}::text[],
      ${images.map((image) => image.repository)}::text[], ${images.map((image) => image.tag)}::text[],
      ${images.map((image) => image.digest)}::text[], ${images.map((image) => image.image_id)}::text[]
    ) with ordinality as given (base_image_id, registry, repository, tag, digest, image_id, place)`
  await sql`
    insert into base_image (cid, base_image_id, registry, repository, tag, digest, image_id, created_at)
    select ${cid}, base_image_id, registry, repository, tag, digest, image_id, ${now} from ${given}
    on conflict (cid, registry, repository, tag, digest) do nothing`.execute(database)
  await markBaseImages(
    database,
    cid,
    images.map((image) => image.digest),
  )
  const { rows } = await sql<StoredBaseImage>`
    select base_image.base_image_id, base_image.registry, base_image.repository, base_image.tag, base_image.digest,
      base_image.image_id, base_image.created_at
    from ${given} join base_image on base_image.cid = ${cid} and base_image.registry = given.registry
      and base_image.repository = given.repository and base_image.tag = given.tag and base_image.digest = given.digest
    order by given.place`.execute(database)
  return rows
}

/** Takes declarations away; gives the ids of those that there were. */
export async function removeBaseImages(
  database: Database,
  cid: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ base_image_id: string; digest: string }>`
    delete from base_image where cid = ${cid} and base_image_id = any(${[...ids]}::uuid[])
    returning base_image_id, digest`.execute(database)
  await markBaseImages(
    database,
    cid,
    rows.map((row) => row.digest),
  )
  return rows.map((row) => row.base_image_id)
}

async function markBaseImages(database: Database, cid: string, digests: readonly string[]): Promise<void> {
  await sql`
    update image set is_base_image = declared.there
    from (
      select digest, exists (
        select from base_image where base_image.cid = ${cid} and base_image.digest = given.digest
      ) as there from unnest(${[...digests]}::text[]) as given (digest)
    ) as declared
    where image.cid = ${cid} and image.digest = declared.digest and image.is_base_image <> declared.there`.execute(
    database,
  )
}

/** Every declaration that the filter selects, the newest first. */
export async function baseImages(
  database: Database,
  cid: string,
  filter?: Checked,
): Promise<readonly StoredBaseImage[]> {
  // It has the columns of an image's name.
  const { rows } = await sql<StoredBaseImage>`
    select base_image_id, registry, repository, tag, digest, image_id, created_at from base_image as image
    where image.cid = ${cid} and ${filter ? compileFilter(filter, imageColumns(cid)) : sql`true`}
    order by created_at desc, base_image_id`.execute(database)
  return rows
}
