import { Readable } from 'node:stream'
import { type Digest, parseDigest } from '@lanner/model'
import { type DocumentReference, type ImageSource, resolveImages, SourceFault } from '@lanner/oci'
import type { BlobStore } from '../blobs/blob-store.ts'
import { blobLink } from '../db/blob-link.ts'
import type { Database } from '../db/database.ts'
import { manifestContent } from '../db/manifest.ts'
import { tagDigest } from '../db/tag.ts'
import { ContentFault, type Place } from './content-fault.ts'
import { contentFault } from './uploads.ts'

/** Which image of a repository. */
export interface StoredReference extends Place {
  /** Tag or digest. */
  readonly reference: string
  /** How the registry is called, for the name in messages and reports. */
  readonly registry?: string
}

/** The images of our own registry, read from the store without HTTP. Sees only what the tenant's repository has. */
export function storedImageSource(
  ports: { readonly database: Database; readonly blobs: BlobStore },
  stored: StoredReference,
): ImageSource {
  const { database, blobs } = ports
  const { cid, repository, reference, registry } = stored
  const asked = parseDigest(reference)
  const name = `${registry ? `${registry}/` : ''}${repository}${asked ? '@' : ':'}${reference}`

  async function manifest(digest: Digest): Promise<Buffer | undefined> {
    return (await manifestContent(database, cid, repository, digest))?.content
  }

  async function* blob(digest: Digest, offset: number, signal?: AbortSignal): AsyncIterable<Buffer> {
    signal?.throwIfAborted()
    const link = await blobLink(database, cid, repository, digest)
    if (!link) throw notFound(`${repository} has no blob ${digest}`)
    if (offset >= link.size) return
    const stream = await blobs.read(digest, { start: offset, end: link.size - 1 }).catch((error) => {
      const fault = contentFault(error)
      if (!(fault instanceof ContentFault)) throw fault
      throw new SourceFault('unreadable', fault.message, { cause: fault, retryable: fault.retryable })
    })
    const stop = (): void => void stream.destroy()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      for await (const part of stream) yield part
      signal?.throwIfAborted()
    } finally {
      signal?.removeEventListener('abort', stop)
      stream.destroy()
    }
  }

  async function readDocument(document: DocumentReference): Promise<Buffer> {
    const { digest } = document
    const content = await manifest(digest)
    if (content) return content
    // Its size is bound by the descriptor that names it, which `resolveImages` has checked.
    const parts = await Readable.from(blob(digest, 0)).toArray()
    return Buffer.concat(parts)
  }

  return {
    reference: name,
    async resolve(signal) {
      const digest = asked ?? ((await tagDigest(database, cid, repository, reference)) as Digest | undefined)
      const row = digest && (await manifestContent(database, cid, repository, digest))
      if (!digest || !row) throw notFound(`there is no image ${name}`)
      const root = { digest, mediaType: row.media_type, size: row.content.length, bytes: row.content }
      return resolveImages(readDocument, root, name, signal)
    },
    blob: (descriptor, options = {}) => blob(descriptor.digest, options.offset ?? 0, options.signal),
    async close() {},
  }
}

function notFound(message: string): SourceFault {
  return new SourceFault('not-found', message)
}
