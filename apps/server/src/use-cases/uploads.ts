import { randomUUID } from 'node:crypto'
import type { Digest } from '@lanner/model'
import { BlobFault } from '../blobs/blob-fault.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { countLinks, holdBlob, lockBlob, releaseBlob } from '../db/blob.ts'
import { addBlobLink, blobLink, tenantHasBlob, touchBlobLinks } from '../db/blob-link.ts'
import { changeUsage, lockUsage, usedBytes } from '../db/blob-usage.ts'
import type { Database } from '../db/database.ts'
import { addRepository } from '../db/repository.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { addUpload, noteUpload, openUploads, removeUpload, uploadExists } from '../db/upload.ts'
import { ContentFault, type Place } from './content-fault.ts'

/** Uploads that a tenant may have under way at a time; what is dead is collected within a day. */
export const maxOpenUploads = 10_000

/** The bytes of a request. */
export interface UploadBody {
  readonly bytes: AsyncIterable<Buffer> | Iterable<Buffer>
  /** Where the client says that they begin. */
  readonly from?: number
  readonly signal?: AbortSignal
}

/** How blobs come in. Everything throws `ContentFault`; an error of the body itself is passed on. */
export interface Uploads {
  /** Begins an upload and returns its id, a UUID. */
  begin(place: Place): Promise<string>
  /** Appends a body and returns how many bytes the upload has now. One body at a time: others wait. */
  append(place: Place, id: string, body: UploadBody): Promise<number>
  /** Bytes that an upload has. */
  length(place: Place, id: string): Promise<number>
  /** Appends a last body, if there is one, verifies the whole and makes it a blob of the repository. */
  finish(place: Place, id: string, digest: Digest, body?: UploadBody): Promise<void>
  cancel(place: Place, id: string): Promise<void>
  /** Gives a repository a blob that another repository of the same tenant has; false when that one has it not. */
  mount(place: Place, digest: Digest, from: string): Promise<boolean>
}

export interface UploadPorts {
  readonly database: Database
  readonly blobs: BlobStore
  readonly clock: () => number
  /** Bytes that a tenant may have; undefined for no limit. */
  readonly quota: (cid: string) => Promise<number | undefined>
}

export function uploads(ports: UploadPorts): Uploads {
  const { database, blobs, clock } = ports
  const turns = new Map<string, Promise<unknown>>()
  const now = (): Date => new Date(clock())

  /** One at a time for each upload. */
  function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(work)
    turns.set(id, turn)
    const leave = (): void => {
      if (turns.get(id) === turn) turns.delete(id)
    }
    turn.then(leave, leave)
    return turn
  }

  async function checkUpload(place: Place, id: string): Promise<void> {
    const known = uuid.test(id) && (await uploadExists(database, place.cid, place.repository, id))
    if (known) return
    throw new ContentFault('blob-upload-unknown', `${place.repository} has no such upload under way`, {
      detail: { upload: id.slice(0, 64) },
    })
  }

  async function drop(place: Place, id: string): Promise<boolean> {
    const dropped = await removeUpload(database, place.cid, place.repository, id)
    await blobs.discard(id)
    return dropped
  }

  /** Bytes that may still be added to an upload; undefined for no limit. */
  async function allowance(place: Place, id: string, length: number): Promise<number | undefined> {
    const quota = await ports.quota(place.cid)
    if (quota === undefined) return undefined
    const used = await usedBytes(database, place.cid)
    const { bytes } = await openUploads(database, place.cid, id)
    return Math.max(0, quota - used - bytes - length)
  }

  async function append(place: Place, id: string, body: UploadBody): Promise<number> {
    const length = await blobs.uploaded(id)
    if (body.from !== undefined && body.from !== length) {
      throw new ContentFault(
        'range-invalid',
        `the chunk begins at ${body.from}, but the upload has ${length} bytes`,
        { detail: { length } },
      )
    }
    const maxBytes = await allowance(place, id, length)
    try {
      const after = await blobs.append(id, length, body.bytes, { signal: body.signal, maxBytes })
      await noteUpload(database, place.cid, id, after, now())
      return after
    } catch (error) {
      if (!(error instanceof BlobFault)) {
        await noteUpload(database, place.cid, id, await blobs.uploaded(id), now())
        throw error
      }
      // An upload that cannot be completed would only keep the disk full.
      if (error.code === 'no-space' || error.code === 'too-large') await drop(place, id)
      throw contentFault(error)
    }
  }

  async function keep(place: Place, id: string, digest: Digest, size: number): Promise<void> {
    await holdBlob(database, digest, size, now())
    try {
      await blobs.publish(id, digest)
      await inTransaction(database, async (transaction) => {
        await link(transaction, place, digest, await ports.quota(place.cid), now())
        await removeUpload(transaction, place.cid, place.repository, id)
        await releaseBlob(transaction, digest)
      })
    } catch (error) {
      await Promise.allSettled([releaseBlob(database, digest), drop(place, id)])
      throw error instanceof BlobFault ? contentFault(error) : error
    }
  }

  return {
    async begin(place) {
      const { count, bytes } = await openUploads(database, place.cid)
      if (count >= maxOpenUploads) {
        throw new ContentFault('too-many-uploads', `${count} uploads are under way; complete or cancel some`)
      }
      const quota = await ports.quota(place.cid)
      const used = quota === undefined ? 0 : (await usedBytes(database, place.cid)) + bytes
      if (quota !== undefined && used >= quota) throw overQuota(quota, used)
      const id = randomUUID()
      await addUpload(database, place.cid, place.repository, id, now())
      return id
    },

    append: (place, id, body) =>
      inTurn(id, async () => {
        await checkUpload(place, id)
        return append(place, id, body)
      }),

    async length(place, id) {
      await checkUpload(place, id)
      return blobs.uploaded(id)
    },

    finish: (place, id, digest, body) =>
      inTurn(id, async () => {
        await checkUpload(place, id)
        if (body) await append(place, id, body)
        const size = await blobs.seal(id, digest).catch(async (error: unknown) => {
          if (error instanceof BlobFault && !error.retryable) await drop(place, id)
          throw contentFault(error)
        })
        await keep(place, id, digest, size)
      }),

    cancel: (place, id) =>
      inTurn(id, async () => {
        await checkUpload(place, id)
        await drop(place, id)
      }),

    async mount(place, digest, from) {
      // What the tenant has not is not even looked for: other tenants' blobs must not show in the time that it takes.
      if (!(await blobLink(database, place.cid, from, digest))) return false
      return inTransaction(database, async (transaction) => {
        if (!(await lockBlob(transaction, digest))) return false
        await lockUsage(transaction, place.cid)
        if (!(await blobLink(transaction, place.cid, from, digest))) return false
        await link(transaction, place, digest, undefined, now())
        return true
      })
    },
  }
}

/** Gives a repository a blob that is in the store and held or locked. */
async function link(
  transaction: Database,
  place: Place,
  digest: Digest,
  quota: number | undefined,
  now: Date,
): Promise<void> {
  const { cid, repository } = place
  const blob = await lockBlob(transaction, digest)
  if (!blob) {
    throw new ContentFault('unavailable', `writing ${digest} took too long; push it again`)
  }
  const used = await lockUsage(transaction, cid)
  const added = (await tenantHasBlob(transaction, cid, digest)) ? 0 : blob.size
  if (quota !== undefined && added > 0 && used + added > quota) throw overQuota(quota, used + added)
  await addRepository(transaction, cid, repository, now)
  if (await addBlobLink(transaction, cid, repository, digest, blob.size, now)) {
    await countLinks(transaction, digest, 1, now)
    await changeUsage(transaction, cid, added)
  } else {
    await touchBlobLinks(transaction, cid, repository, [digest], now)
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function overQuota(quota: number, needed: number): ContentFault {
  return new ContentFault('over-quota', `the quota of ${quota} bytes does not allow ${needed}`, {
    detail: { quota },
  })
}

/** What a fault of the store means to whoever pushes. */
export function contentFault(error: unknown): unknown {
  if (!(error instanceof BlobFault)) return error
  const cause = { cause: error }
  if (error.code === 'digest-mismatch') return new ContentFault('digest-invalid', error.message, cause)
  if (error.code === 'no-space') return new ContentFault('no-space', error.message, cause)
  if (error.code === 'out-of-order') return new ContentFault('range-invalid', error.message, cause)
  if (error.code === 'not-found') return new ContentFault('blob-unknown', error.message, cause)
  if (error.code === 'too-large') {
    return new ContentFault('over-quota', 'the quota does not allow as many bytes', cause)
  }
  return new ContentFault('unavailable', error.message, cause)
}
