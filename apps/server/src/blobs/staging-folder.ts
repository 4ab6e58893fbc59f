import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, type DigestAlgorithm, digestAlgorithm } from '@lanner/model'
import { makeFolder } from '../make-folder.ts'
import { BlobFault, storageFault } from './blob-fault.ts'
import type { AppendOptions } from './blob-store.ts'
import { type DiskReserve, withinReserve } from './disk-reserve.ts'
import { writeBody } from './write-body.ts'

const uploadName = /^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/
/** Bytes read at a time where a file is hashed again. */
const rereadBytes = 1024 * 1024

interface RunningHash {
  readonly hash: Hash
  /** Bytes of the file that it covers. */
  readonly length: number
}

/**
 * Uploads under way, a file each, named after the upload. The hash runs along while bodies come; after a restart, or for an
 * algorithm that was not foreseen, the file is read once more.
 */
export class StagingFolder {
  readonly #folder: string
  readonly #reserve: DiskReserve | undefined
  readonly #hashes = new Map<string, RunningHash>()

  constructor(folder: string, reserve?: DiskReserve) {
    this.#folder = folder
    this.#reserve = reserve
  }

  async append(
    upload: string,
    from: number,
    body: AsyncIterable<Buffer> | Iterable<Buffer>,
    options: AppendOptions = {},
  ): Promise<number> {
    const handle = await this.#open(upload)
    try {
      const { size } = await handle.stat()
      if (size !== from) {
        throw new BlobFault('out-of-order', `the upload has ${size} bytes, the body begins at ${from}`)
      }
      const running = await this.#running(upload, handle, size)
      this.#hashes.delete(upload)
      const admitted = this.#reserve ? withinReserve(body, this.#folder, this.#reserve) : body
      const written = await writeBody(handle, from, admitted, running, options).catch(
        async (error: unknown) => {
          await handle.truncate(from)
          throw error
        },
      )
      const length = from + written.bytes
      this.#hashes.set(upload, { hash: running, length })
      if (written.interruption !== undefined) throw written.interruption
      return length
    } finally {
      await handle.close()
    }
  }

  async uploaded(upload: string): Promise<number> {
    try {
      return (await stat(this.path(upload))).size
    } catch (error) {
      if (isMissing(error)) return 0
      throw storageFault(error, 'looking up an upload')
    }
  }

  /** Verifies and syncs an upload; returns its size. */
  async seal(upload: string, digest: Digest): Promise<number> {
    const handle = await this.#open(upload)
    try {
      const { size } = await handle.stat()
      const algorithm = digestAlgorithm(digest)
      const running = this.#hashes.get(upload)
      const hash =
        algorithm === 'sha256' && running?.length === size
          ? running.hash.copy()
          : await hashFile(handle, size, algorithm)
      const actual = `${algorithm}:${hash.digest('hex')}`
      if (actual !== digest) {
        await this.discard(upload)
        throw new BlobFault(
          'digest-mismatch',
          `the upload was to be ${digest}, but its ${size} bytes have digest ${actual}`,
        )
      }
      await handle.sync()
      return size
    } catch (error) {
      throw storageFault(error, 'sealing an upload')
    } finally {
      await handle.close()
    }
  }

  async discard(upload: string): Promise<void> {
    this.forget(upload)
    try {
      await unlink(this.path(upload))
    } catch (error) {
      if (!isMissing(error)) throw storageFault(error, 'discarding an upload')
    }
  }

  /** Discards what nothing was appended to since that time. */
  async discardOlder(time: number): Promise<number> {
    let discarded = 0
    for (const upload of await namesIn(this.#folder)) {
      if (!uploadName.test(upload)) continue
      const found = await stat(this.path(upload)).catch(() => undefined)
      if (!found || found.mtimeMs >= time) continue
      await this.discard(upload)
      discarded++
    }
    return discarded
  }

  /** Drops the running hash of an upload whose file has gone elsewhere. */
  forget(upload: string): void {
    this.#hashes.delete(upload)
  }

  path(upload: string): string {
    if (!uploadName.test(upload)) throw new BlobFault('not-found', 'there is no upload of such a name')
    return join(this.#folder, upload)
  }

  async #open(upload: string): Promise<FileHandle> {
    const path = this.path(upload)
    try {
      return await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    } catch (error) {
      if (!isMissing(error)) throw storageFault(error, 'opening an upload')
    }
    try {
      await makeFolder(this.#folder)
      return await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    } catch (error) {
      throw storageFault(error, 'opening an upload')
    }
  }

  async #running(upload: string, handle: FileHandle, size: number): Promise<Hash> {
    const running = this.#hashes.get(upload)
    return running?.length === size ? running.hash : hashFile(handle, size, 'sha256')
  }
}

async function hashFile(handle: FileHandle, size: number, algorithm: DigestAlgorithm): Promise<Hash> {
  const hash = createHash(algorithm)
  const buffer = Buffer.allocUnsafe(Math.min(rereadBytes, Math.max(size, 1)))
  for (let position = 0; position < size; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - position), position)
    if (bytesRead === 0) break
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
  }
  return hash
}

/** Names in a folder; none when it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw storageFault(error, 'listing a folder')
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
