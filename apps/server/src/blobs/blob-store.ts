import type { Readable } from 'node:stream'
import type { Digest } from '@lanner/model'

/** Part of a blob: first and last byte, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** How one body is appended to an upload. */
export interface AppendOptions {
  readonly signal?: AbortSignal
  /** Bytes that this body may have; more is `too-large`. */
  readonly maxBytes?: number
}

/** A blob as it lies in the store. */
export interface StoredBlob {
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/**
 * Where the bytes of blobs lie, by their digest. Knows nothing of tenants, repositories or what is in use: that is the
 * database's. An upload is called by any name of letters, digits and dashes; one body at a time is appended to it.
 * Everything throws `BlobFault`.
 */
export interface BlobStore {
  /**
   * Appends a body to an upload that has `from` bytes so far (`out-of-order` when it has another number) and returns the new
   * length. When the body ends early (its error is thrown on), what came is kept and can be resumed. When the disk is full,
   * or the body is too large, the upload has again the bytes it had.
   */
  append(
    upload: string,
    from: number,
    body: AsyncIterable<Buffer> | Iterable<Buffer>,
    options?: AppendOptions,
  ): Promise<number>
  /** Bytes of an upload; 0 when nothing was appended. Survives a restart. */
  uploaded(upload: string): Promise<number>
  /** Verifies the digest of the whole upload and makes its bytes durable; `digest-mismatch` discards it. Returns its size. */
  seal(upload: string, digest: Digest): Promise<number>
  /** Makes a sealed upload the blob of that digest, all at once; the upload is gone then. One that exists is replaced. */
  publish(upload: string, digest: Digest): Promise<void>
  /** Forgets an upload, if there is one. */
  discard(upload: string): Promise<void>
  /** Discards uploads to which nothing was appended since that time, in milliseconds since 1970. Returns how many. */
  discardOlder(time: number): Promise<number>
  /** Size in bytes; undefined when there is no such blob. */
  size(digest: Digest): Promise<number | undefined>
  /** The bytes, opened before this returns: `not-found` is thrown here, not by the stream. */
  read(digest: Digest, range?: ByteRange): Promise<Readable>
  /** Deletes a blob, if there is one. */
  delete(digest: Digest): Promise<void>
  /** All blobs, in no order. */
  list(): AsyncIterable<StoredBlob>
}
