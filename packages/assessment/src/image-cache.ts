import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ImageInventory } from '@lanner/extractors'
import type { LayerReading, ResolvedImage } from '@lanner/oci'
import { CacheFolder } from './cache-folder.ts'
import { readStoredImage, writeStoredImage } from './stored-image.ts'

/** An image whose layers were all read and verified, and laid over each other. */
export interface KnownImage {
  /** Base first, with the packages that each brought. */
  readonly layers: readonly { readonly reading: LayerReading; readonly packages: number }[]
  readonly inventory: ImageInventory
}

/** Where assembled images are remembered, so that the same layers are not laid over each other again. */
export interface ImageCache {
  get(image: ResolvedImage): Promise<KnownImage | undefined>
  put(image: ResolvedImage, known: KnownImage): Promise<void>
}

/** Bytes of remembered images on disk. */
export const imageCacheBytes = 512 * 1024 ** 2

/** Raised when assembling gives another result, or is remembered in another shape. */
const format = 3

/**
 * A folder of assembled images. An image is known by the blobs, sizes and diff ids of its layers together and by the
 * extractors' revisions: an entry is only made once every blob was inflated and agreed with all that is in its name, so an
 * image that claims anything else is not found. A damaged file counts as absent.
 */
export class FolderImageCache implements ImageCache {
  readonly #files: CacheFolder
  readonly #revision: string

  constructor(folder: string, revision: string, maxBytes: number = imageCacheBytes) {
    this.#files = new CacheFolder(join(folder, 'images'), maxBytes)
    this.#revision = revision
  }

  async get(image: ResolvedImage): Promise<KnownImage | undefined> {
    const name = this.#name(image)
    const file = this.#files.read(name)
    const known = file && readStoredImage(file, image.manifest.layers.length)
    if (known) this.#files.touch(name)
    return known
  }

  async put(image: ResolvedImage, known: KnownImage): Promise<void> {
    await this.#files.write(this.#name(image), writeStoredImage(known))
  }

  #name({ manifest, config }: ResolvedImage): string {
    const layers = manifest.layers.map(({ digest, size }, index) => [
      digest,
      size,
      config.rootfs.diffIds[index],
    ])
    return createHash('sha256')
      .update(JSON.stringify([format, this.#revision, layers]))
      .digest('hex')
  }
}
