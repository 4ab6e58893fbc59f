import type { Digest } from '@lanner/model'
import type { BlobStore } from '../blobs/blob-store.ts'
import { adoptBlob, lockUnusedBlob, removeBlob, unusedBlobs } from '../db/blob.ts'
import { unneededBlobLinks } from '../db/blob-link.ts'
import { tenantsWithContent } from '../db/blob-usage.ts'
import type { Database } from '../db/database.ts'
import { removeEmptyRepositories } from '../db/repository.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { removeUploadsBefore } from '../db/upload.ts'
import { unlinkBlob } from './blobs.ts'
import { ContentFault } from './content-fault.ts'

/** How long content that nothing refers to is left alone: whoever pushes it may not have come to the manifest. */
export const defaultGraceMilliseconds = 24 * 3_600_000
/** How long an upload may rest. */
export const defaultUploadMilliseconds = 24 * 3_600_000

const batch = 500

export interface GarbageOptions {
  readonly graceMilliseconds?: number
  readonly uploadMilliseconds?: number
  /** Compares the store with the books, too, and so finds what a database of an older day does not know. Slow. */
  readonly reconcile?: boolean
  readonly signal?: AbortSignal
}

/** What was collected. */
export interface CollectedGarbage {
  /** Blobs taken from repositories whose manifests do not need them. */
  readonly unlinked: number
  /** Blobs deleted, and their bytes. */
  readonly blobs: number
  readonly bytes: number
  /** Uploads given up, and files of uploads deleted. */
  readonly uploads: number
  readonly files: number
  readonly repositories: number
}

/**
 * Deletes what nobody needs. What is in use stays: a blob that a manifest names is not unlinked, one with a link is not
 * deleted, and both are checked under the locks that adding them takes (0002_registry.sql). What is in flight stays: a blob
 * between upload and link is held, a link is as old as its last use, and a row is only removed with its bytes, under its lock.
 */
export async function collectGarbage(
  ports: { readonly database: Database; readonly blobs: BlobStore; readonly clock: () => number },
  options: GarbageOptions = {},
): Promise<CollectedGarbage> {
  const { database, blobs, clock } = ports
  const { signal } = options
  const now = new Date(clock())
  const before = new Date(now.getTime() - (options.graceMilliseconds ?? defaultGraceMilliseconds))
  const rested = new Date(now.getTime() - (options.uploadMilliseconds ?? defaultUploadMilliseconds))

  const uploads = await removeUploadsBefore(database, rested)
  const files = await blobs.discardOlder(rested.getTime())
  let unlinked = 0
  let repositories = 0
  for (const cid of await tenantsWithContent(database)) {
    unlinked += await unlinkUnneeded(database, cid, before, now, signal)
    repositories += await removeEmptyRepositories(database, cid, before)
  }
  if (options.reconcile) {
    for await (const { digest, size } of blobs.list()) {
      signal?.throwIfAborted()
      await adoptBlob(database, digest, size, now)
    }
  }
  const deleted = await deleteUnused(database, blobs, before, now, signal)
  return { unlinked, ...deleted, uploads, files, repositories }
}

async function unlinkUnneeded(
  database: Database,
  cid: string,
  before: Date,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  let unlinked = 0
  for (;;) {
    const links = await unneededBlobLinks(database, cid, before, batch)
    let progress = 0
    for (const { repository, digest } of links) {
      signal?.throwIfAborted()
      // A manifest may have come meanwhile; then it is in use after all.
      const gone = await unlinkBlob(database, { cid, repository }, digest, now, before).catch(inUse)
      if (gone) progress++
    }
    unlinked += progress
    if (links.length < batch || progress === 0) return unlinked
  }
}

function inUse(error: unknown): false {
  if (error instanceof ContentFault && error.code === 'in-use') return false
  throw error
}

async function deleteUnused(
  database: Database,
  blobs: BlobStore,
  before: Date,
  now: Date,
  signal?: AbortSignal,
): Promise<{ blobs: number; bytes: number }> {
  const deleted = { blobs: 0, bytes: 0 }
  for (;;) {
    const unused = await unusedBlobs(database, before, now, batch)
    let progress = 0
    for (const digest of unused) {
      signal?.throwIfAborted()
      const bytes = await inTransaction(database, async (transaction) => {
        const blob = await lockUnusedBlob(transaction, digest, before, now)
        if (!blob) return undefined
        // Under the lock: who pushes the same bytes now waits, and writes them anew. Deleted twice is no harm.
        await blobs.delete(digest as Digest)
        await removeBlob(transaction, digest)
        return blob.size
      })
      if (bytes === undefined) continue
      progress++
      deleted.blobs++
      deleted.bytes += bytes
    }
    if (unused.length < batch || progress === 0) return deleted
  }
}
