import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface ImageLayer {
  /** Of the blob as stored. */
  readonly digest: string
  /** The OCI chain ID of it and all below, without its algorithm. */
  readonly chainId: Buffer
}

/** Keeps which layers an image has, base first. The same digest has the same layers for ever. Global. */
export async function putImageLayers(
  database: Database,
  digest: string,
  layers: readonly ImageLayer[],
): Promise<void> {
  await sql`
    insert into image_layer (digest, layer_index, layer_digest, chain_id)
    select ${digest}, (place - 1)::smallint, layer_digest, chain_id
    from unnest(${layers.map((layer) => layer.digest)}::text[], ${layers.map((layer) => layer.chainId)}::bytea[])
      with ordinality as given (layer_digest, chain_id, place)
    on conflict (digest, layer_index) do nothing`.execute(database)
}
