import { join } from 'node:path'
import type { LayerInventory } from '@lanner/extractors'
import { type Digest, digestAlgorithm } from '@lanner/model'
import type { LayerReading } from '@lanner/oci'
import { CacheFolder } from './cache-folder.ts'

/** A layer as we read it once. */
export interface KnownLayer {
  readonly reading: LayerReading
  readonly inventory: LayerInventory
}

/** Where layers that were read are remembered, known by the digest of the blob that we inflated ourselves. */
export interface LayerCache {
  get(digest: Digest): Promise<KnownLayer | undefined>
  put(layer: KnownLayer): Promise<void>
}

/** Bytes of remembered layers on disk. */
export const layerCacheBytes = 2 * 1024 ** 3

/**
 * A folder of layer inventories, a file a layer. `revision` names the extractors and their revisions: what an older set
 * read is not found. A damaged file counts as absent.
 */
export class FolderLayerCache implements LayerCache {
  readonly #files: CacheFolder
  readonly #revision: string

  constructor(folder: string, revision: string, maxBytes: number = layerCacheBytes) {
    this.#files = new CacheFolder(join(folder, 'layers'), maxBytes)
    this.#revision = revision
  }

  async get(digest: Digest): Promise<KnownLayer | undefined> {
    const name = this.#name(digest)
    const file = this.#files.read(name)
    // Reading and writing layers takes more than a known image needs.
    const { readStoredLayer } = await import('./stored-layer.ts')
    const layer = file && readStoredLayer(file)
    // The file name is no evidence: the digest that was verified is the one written inside.
    if (layer?.reading.digest !== digest) return undefined
    this.#files.touch(name)
    return layer
  }

  async put(layer: KnownLayer): Promise<void> {
    const { writeStoredLayer } = await import('./stored-layer.ts')
    await this.#files.write(this.#name(layer.reading.digest), writeStoredLayer(layer))
  }

  #name(digest: Digest): string {
    return `${digestAlgorithm(digest)}-${digest.slice(digest.indexOf(':') + 1)}.${this.#revision}`
  }
}
