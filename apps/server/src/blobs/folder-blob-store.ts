import { open, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Digest, parseDigest } from '@lanner/model'
import { makeFolder } from '../make-folder.ts'
import { BlobFault, storageFault } from './blob-fault.ts'
import type { AppendOptions, BlobStore, ByteRange, StoredBlob } from './blob-store.ts'
import type { DiskReserve } from './disk-reserve.ts'
import { isMissing, namesIn, StagingFolder } from './staging-folder.ts'

/** Bytes a reading stream asks for at a time. */
const readBytes = 1024 * 1024

/**
 * Blobs in a folder: `<algorithm>/<first two hex digits>/<hex>`, uploads beside them in `uploads/`. A blob gets its name by a
 * rename of a file that has been verified and synced, and the folder is synced after it: after a crash it is there whole or
 * not at all.
 */
export class FolderBlobStore implements BlobStore {
  readonly #folder: string
  readonly #staging: StagingFolder

  constructor(folder: string, reserve?: DiskReserve) {
    this.#folder = folder
    this.#staging = new StagingFolder(join(folder, 'uploads'), reserve)
  }

  append(
    upload: string,
    from: number,
    body: AsyncIterable<Buffer> | Iterable<Buffer>,
    options?: AppendOptions,
  ): Promise<number> {
    return this.#staging.append(upload, from, body, options)
  }

  uploaded(upload: string): Promise<number> {
    return this.#staging.uploaded(upload)
  }

  seal(upload: string, digest: Digest): Promise<number> {
    return this.#staging.seal(upload, digest)
  }

  async publish(upload: string, digest: Digest): Promise<void> {
    const path = this.#path(digest)
    const folder = dirname(path)
    try {
      const created = await makeFolder(folder)
      await rename(this.#staging.path(upload), path)
      await syncFolder(folder)
      if (created !== undefined) {
        await syncFolder(dirname(folder))
        await syncFolder(this.#folder)
      }
    } catch (error) {
      throw storageFault(error, `publishing ${digest}`)
    }
    this.#staging.forget(upload)
  }

  discard(upload: string): Promise<void> {
    return this.#staging.discard(upload)
  }

  discardOlder(time: number): Promise<number> {
    return this.#staging.discardOlder(time)
  }

  async size(digest: Digest): Promise<number | undefined> {
    try {
      return (await stat(this.#path(digest))).size
    } catch (error) {
      if (isMissing(error)) return undefined
      throw storageFault(error, `looking up ${digest}`)
    }
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    try {
      const handle = await open(this.#path(digest), 'r')
      return handle.createReadStream({ ...range, highWaterMark: readBytes })
    } catch (error) {
      if (isMissing(error)) throw new BlobFault('not-found', `there is no blob ${digest}`)
      throw storageFault(error, `reading ${digest}`)
    }
  }

  async delete(digest: Digest): Promise<void> {
    try {
      await unlink(this.#path(digest))
    } catch (error) {
      if (!isMissing(error)) throw storageFault(error, `deleting ${digest}`)
    }
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (const algorithm of ['sha256', 'sha512']) {
      for (const prefix of await namesIn(join(this.#folder, algorithm))) {
        for (const hex of await namesIn(join(this.#folder, algorithm, prefix))) {
          const digest = parseDigest(`${algorithm}:${hex}`)
          const size = digest && (await this.size(digest))
          if (digest && size !== undefined) yield { digest, size }
        }
      }
    }
  }

  #path(digest: Digest): string {
    const [algorithm, hex] = digest.split(':') as [string, string]
    return join(this.#folder, algorithm, hex.slice(0, 2), hex)
  }
}

/** A new name in a folder is durable only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
