import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What a verdict on an image depends on, without reading the image's report. */
export interface CheckedImageRow {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** What its content is kept under. */
  readonly content_digest: string
  readonly index_digest: string
  readonly image_id: string
  readonly os: string
  readonly architecture: string
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  readonly state_reason: string
  readonly set_id: number | null
  readonly findings_revision: number | null
  readonly detections: number
  readonly assessed_at: Date | null
  /** Since when the tag stands for another image. */
  readonly superseded_at: Date | null
}

const columns = sql.raw(`image.registry, image.repository, image.tag, image.digest, image.content_digest,
  image.index_digest, image.image_id, image.os, image.architecture, image.state, image.state_reason, image.set_id,
  package_set.findings_revision, image.detections, image.assessed_at, image.superseded_at`)

/** The images that a name stands for now. */
export async function checkedImages(
  database: Database,
  cid: string,
  wanted: { readonly registry?: string; readonly repository: string; readonly tag: string },
): Promise<readonly CheckedImageRow[]> {
  const registry = wanted.registry ?? null
  const { rows } = await sql<CheckedImageRow>`
    select ${columns} from image left join package_set on package_set.set_id = image.set_id
    where image.cid = ${cid} and image.repository = ${wanted.repository} and image.tag = ${wanted.tag}
      and image.superseded_at is null and (${registry}::text is null or image.registry = ${registry})
    order by image.claimed, image.last_seen desc, image.digest limit 100`.execute(database)
  return rows
}

/** The images of a repository with this digest, of a manifest or an index, under names that still are theirs first. */
export async function checkedImagesByDigest(
  database: Database,
  cid: string,
  wanted: { readonly registry?: string; readonly repository: string; readonly digest: string },
): Promise<readonly CheckedImageRow[]> {
  const registry = wanted.registry ?? null
  const { rows } = await sql<CheckedImageRow>`
    select ${columns}
    from (
      select * from image where cid = ${cid} and digest = ${wanted.digest}
      union all
      select * from image where cid = ${cid} and index_digest = ${wanted.digest} and digest <> ${wanted.digest}
    ) as image left join package_set on package_set.set_id = image.set_id
    where image.cid = ${cid} and image.repository = ${wanted.repository}
      and (${registry}::text is null or image.registry = ${registry})
    order by image.superseded_at is not null, image.claimed, image.last_seen desc, image.digest
    limit 100`.execute(database)
  return rows
}

/** Diff ids of the layers of every image that a tenant declared as a base, base first. */
export async function baseImageLayers(
  database: Database,
  cid: string,
): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ layers: string[] }>`
    select distinct array(
      select layer ->> 'diffId' from jsonb_array_elements(image_content.facts -> 'layers') as layer
      order by (layer ->> 'index')::int
    ) as layers
    from base_image join image_content on image_content.digest = base_image.digest
    where base_image.cid = ${cid}`.execute(database)
  return rows.map(({ layers }) => layers)
}
