import type { Readable } from 'node:stream'
import type { Digest } from '@lanner/model'
import type { BlobStore, ByteRange } from '../blobs/blob-store.ts'
import { countLinks, lockBlob } from '../db/blob.ts'
import { blobLink, removeBlobLink, tenantHasBlob, touchBlobLinks } from '../db/blob-link.ts'
import { changeUsage, lockUsage } from '../db/blob-usage.ts'
import type { Database } from '../db/database.ts'
import { manifestNeeding } from '../db/manifest-blob.ts'
import { repositoryExists } from '../db/repository.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { ContentFault, type Place } from './content-fault.ts'
import { contentFault } from './uploads.ts'

export type { ByteRange }

/** A blob counts as touched again after so long: whoever asks for it may be about to name it in a manifest. */
const touchMilliseconds = 10 * 60_000

/** Blobs of repositories. A blob that only another tenant, or another repository, has is unknown. Throws `ContentFault`. */
export interface Blobs {
  /** Size in bytes. */
  size(place: Place, digest: Digest): Promise<number>
  /** The bytes, or a part of them. */
  read(place: Place, digest: Digest, range?: ByteRange): Promise<Readable>
  /** Takes a blob from a repository; one that a manifest there needs is `in-use`. Its bytes go with the next collection. */
  delete(place: Place, digest: Digest): Promise<void>
}

export function blobs(ports: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly clock: () => number
}): Blobs {
  const { database, clock } = ports

  async function unknown(place: Place, digest: Digest): Promise<ContentFault> {
    if (await repositoryExists(database, place.cid, place.repository)) {
      return new ContentFault('blob-unknown', `${place.repository} has no blob ${digest}`, {
        detail: { digest },
      })
    }
    return nameUnknown(place)
  }

  return {
    async size(place, digest) {
      const link = await blobLink(database, place.cid, place.repository, digest)
      if (!link) throw await unknown(place, digest)
      const now = clock()
      if (link.touched_at.getTime() > now - touchMilliseconds) return link.size
      const touched = await touchBlobLinks(database, place.cid, place.repository, [digest], new Date(now))
      if (!touched.has(digest)) throw await unknown(place, digest)
      return link.size
    },

    async read(place, digest, range) {
      if (!(await blobLink(database, place.cid, place.repository, digest))) throw await unknown(place, digest)
      try {
        return await ports.blobs.read(digest, range)
      } catch (error) {
        throw contentFault(error)
      }
    },

    async delete(place, digest) {
      const removed = await unlinkBlob(database, place, digest, new Date(clock()))
      if (!removed) throw await unknown(place, digest)
    },
  }
}

/**
 * Takes a blob from a repository, unless a manifest there needs it (`in-use`); with `before`, only if nobody touched it
 * since. Returns whether it was there.
 */
export async function unlinkBlob(
  database: Database,
  place: Place,
  digest: string,
  now: Date,
  before?: Date,
): Promise<boolean> {
  const { cid, repository } = place
  if (!(await blobLink(database, cid, repository, digest))) return false
  return inTransaction(database, async (transaction) => {
    await lockBlob(transaction, digest)
    await lockUsage(transaction, cid)
    const manifest = await manifestNeeding(transaction, cid, repository, digest)
    if (manifest) {
      throw new ContentFault('in-use', `${digest} belongs to the manifest ${manifest}; delete that first`, {
        detail: { manifest },
      })
    }
    const size = await removeBlobLink(transaction, cid, repository, digest, before)
    if (size === undefined) return false
    await countLinks(transaction, digest, -1, now)
    if (!(await tenantHasBlob(transaction, cid, digest))) await changeUsage(transaction, cid, -size)
    return true
  })
}

export function nameUnknown(place: Place): ContentFault {
  return new ContentFault('name-unknown', `there is no repository ${place.repository}`, {
    detail: { name: place.repository },
  })
}
