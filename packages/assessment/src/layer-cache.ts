import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayerInventory } from '@lanner/extractors'
import { type Digest, digestAlgorithm } from '@lanner/model'
import type { LayerReading } from '@lanner/oci'
import { readStoredLayer, writeStoredLayer } from './stored-layer.ts'

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

/** What a killed process left half-written is nobody's after an hour. */
const abandonedAfter = 3_600_000

/**
 * A folder of layer inventories: a file a layer, written under another name and renamed when whole, so that a reader sees
 * all of it or nothing. `revision` names the extractors and their revisions: what an older set read is not found. A damaged
 * file counts as absent. The least recently used files go first once `maxBytes` is exceeded; it may be by a twentieth.
 */
export class FolderLayerCache implements LayerCache {
  readonly #folder: string
  readonly #revision: string
  readonly #maxBytes: number
  #unpruned = Number.POSITIVE_INFINITY

  constructor(folder: string, revision: string, maxBytes: number = layerCacheBytes) {
    this.#folder = join(folder, 'layers')
    this.#revision = revision
    this.#maxBytes = maxBytes
  }

  async get(digest: Digest): Promise<KnownLayer | undefined> {
    const path = this.#path(digest)
    const file = await readFile(path).catch(() => undefined)
    const layer = file && readStoredLayer(file)
    // The file name is no evidence: the digest that was verified is the one written inside.
    if (layer?.reading.digest !== digest) return undefined
    const now = new Date()
    // Reading counts as use; a cache on a read-only disk still serves.
    await utimes(path, now, now).catch(() => undefined)
    return layer
  }

  async put(layer: KnownLayer): Promise<void> {
    const content = writeStoredLayer(layer)
    if (content.length > this.#maxBytes) return
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#write(this.#path(layer.reading.digest), content)
    this.#unpruned += content.length
    if (this.#unpruned <= this.#maxBytes / 20) return
    this.#unpruned = 0
    // What cannot be removed is no reason to doubt what was remembered.
    await this.#prune().catch(() => undefined)
  }

  #path(digest: Digest): string {
    return join(
      this.#folder,
      `${digestAlgorithm(digest)}-${digest.slice(digest.indexOf(':') + 1)}.${this.#revision}`,
    )
  }

  async #write(path: string, content: Buffer): Promise<void> {
    const temporary = `${path}.${randomUUID()}.tmp`
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(content)
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #prune(): Promise<void> {
    const files: { readonly path: string; readonly size: number; readonly used: number }[] = []
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name)
      const found = await stat(path).catch(() => undefined)
      if (!found?.isFile()) continue
      if (name.endsWith('.tmp') && found.mtimeMs < Date.now() - abandonedAfter)
        await rm(path, { force: true })
      else files.push({ path, size: found.size, used: found.mtimeMs })
    }
    let total = files.reduce((sum, file) => sum + file.size, 0)
    for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#maxBytes) return
      await rm(path, { force: true })
      total -= size
    }
  }
}
