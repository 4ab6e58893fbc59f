import type { Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { BlobFault, storageFault } from './blob-fault.ts'

/** Bytes gathered for one call of the file system: a socket gives 64 KiB at a time. */
const batchBytes = 1024 * 1024
/** Batches on their way to the disk while the next is received and hashed. */
const maxFlights = 4
/** Written bytes after which the disk is asked to begin, so that the last sync has little left to wait for. */
const syncBytes = 32 * 1024 * 1024

/** What became of a body. */
export interface WrittenBody {
  /** Bytes that were written and hashed. */
  readonly bytes: number
  /** Why the body ended early, if it did. */
  readonly interruption?: unknown
}

/**
 * Writes a body into a file from `position` on and hashes it on the way: receiving, hashing and writing overlap, and no more
 * than some MiB are ever held. Throws only what the file system (as `BlobFault`) or the limit says; the file's end is then
 * undefined. A body that fails is an interruption: what it gave has been written.
 */
export async function writeBody(
  handle: FileHandle,
  position: number,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  hash: Hash,
  options: { signal?: AbortSignal; maxBytes?: number } = {},
): Promise<WrittenBody> {
  const limit = options.maxBytes ?? Number.POSITIVE_INFINITY
  const flights = new Set<Promise<void>>()
  let failure: unknown
  let batch: Buffer[] = []
  let batched = 0
  let bytes = 0
  let unsynced = 0
  let syncing = false

  const launch = (work: Promise<void>): void => {
    const flight = work
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => flights.delete(flight))
    flights.add(flight)
  }
  const send = (): void => {
    if (batched === 0) return
    launch(writeAll(handle, batch, position + bytes - batched, batched))
    unsynced += batched
    batch = []
    batched = 0
    if (unsynced < syncBytes || syncing) return
    unsynced = 0
    syncing = true
    launch(handle.datasync().finally(() => (syncing = false)))
  }

  let interruption: unknown
  try {
    for await (const chunk of body) {
      options.signal?.throwIfAborted()
      if (bytes + chunk.length > limit) {
        failure = new BlobFault('too-large', `the body has more than ${limit} bytes`)
        break
      }
      hash.update(chunk)
      batch.push(chunk)
      batched += chunk.length
      bytes += chunk.length
      if (batched >= batchBytes) send()
      while (flights.size >= maxFlights && !failure) await Promise.race(flights)
      if (failure) break
    }
  } catch (error) {
    interruption = error
  }
  if (!failure) send()
  while (flights.size > 0) await Promise.all(flights)
  if (failure) throw storageFault(failure, 'writing an upload')
  return interruption === undefined ? { bytes } : { bytes, interruption }
}

/** A call may write less than it was given: just before a disk is full, for one. */
async function writeAll(
  handle: FileHandle,
  parts: Buffer[],
  position: number,
  length: number,
): Promise<void> {
  const { bytesWritten } = await handle.writev(parts, position)
  if (bytesWritten === length) return
  const rest = Buffer.concat(parts).subarray(bytesWritten)
  let written = 0
  while (written < rest.length) {
    const more = await handle.write(rest, written, rest.length - written, position + bytesWritten + written)
    if (more.bytesWritten === 0) throw new BlobFault('no-space', 'the disk takes no more bytes')
    written += more.bytesWritten
  }
}
