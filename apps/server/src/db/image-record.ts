import type { Distribution } from '@lanner/model'
import { sql } from 'kysely'
import { basesOf } from './base-layers.ts'
import type { Database } from './database.ts'

/** What the record of an image shows beside its row: of the distribution, the config, the base image. */
export interface ImageRecord {
  readonly digest: string
  readonly distribution: Distribution | null
  /** As published; null where it was not asked for. */
  readonly config: string | null
  /** The declared base image with the most layers in common. */
  readonly base_image_id: string | null
  readonly base_registry: string | null
  readonly base_repository: string | null
  readonly base_tag: string | null
  readonly base_digest: string | null
}

/** The records of images that were read; the caller came by the digests through images of its tenant. */
export async function imageRecords(
  database: Database,
  cid: string,
  digests: readonly string[],
  withConfig: boolean,
): Promise<readonly ImageRecord[]> {
  const { rows } = await sql<ImageRecord>`
    select content.digest, content.facts -> 'distribution' as distribution,
      case when ${withConfig}::boolean then content.config end as config, base.base_image_id,
      base.registry as base_registry, base.repository as base_repository, base.tag as base_tag, base.digest as base_digest
    from image_content as content left join lateral (
      select base.* from ${basesOf(cid, sql`content.digest`)}
      order by base.layers desc, base.created_at, base.base_image_id limit 1
    ) as base on true
    where content.digest = any(${[...digests]}::text[])`.execute(database)
  return rows
}
