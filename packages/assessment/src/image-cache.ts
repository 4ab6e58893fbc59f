import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { ImageInventory } from '@lanner/extractors'
import type { LayerReading, ResolvedImage } from '@lanner/oci'
import { CacheFolder } from './cache-folder.ts'

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
const format = 1

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
    const file = await this.#files.read(name)
    const known = file && readStored(file, image.manifest.layers.length)
    // Nobody waits for it: it is done before the process ends.
    if (known) void this.#files.touch(name)
    return known
  }

  async put(image: ResolvedImage, known: KnownImage): Promise<void> {
    const body = Buffer.from(JSON.stringify(known))
    await this.#files.write(this.#name(image), Buffer.concat([Buffer.from(`${checksum(body)}\n`), body]))
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

function checksum(body: Buffer): string {
  return crc32(body).toString(16).padStart(8, '0')
}

function readStored(file: Buffer, layers: number): KnownImage | undefined {
  const body = file.subarray(9)
  if (file.toString('latin1', 0, 9) !== `${checksum(body)}\n`) return undefined
  try {
    const known = JSON.parse(body.toString('utf8')) as KnownImage
    // The checksum stands for the rest; this tells a file of another shape.
    return known.layers.length === layers && Array.isArray(known.inventory.packages) ? known : undefined
  } catch {
    return undefined
  }
}
