import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type Digest, digestAlgorithm } from '@lanner/model'
import { type ImageSource, type ResolvedImage, SourceFault } from '@lanner/oci'

/** Bytes that are read from a blob at a time. */
const chunk = 1024 * 1024

export interface AskedImages {
  /** As people know it. */
  readonly reference: string
  /** Resolved by whoever gave the task, who made sure that their blobs may be read. */
  readonly images: readonly ResolvedImage[]
  readonly blob: (digest: Digest, offset: number, signal?: AbortSignal) => AsyncIterable<Uint8Array>
}

/** Images that were resolved elsewhere, as a source within the process that reads them. */
export function askedImageSource({ reference, images, blob }: AskedImages): ImageSource {
  return {
    reference,
    async resolve() {
      return { images, others: [] }
    },
    async *blob({ digest }, { offset = 0, signal } = {}) {
      for await (const bytes of blob(digest, offset, signal))
        yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    async close() {},
  }
}

/** Reads a blob of a content-addressed folder (`<algorithm>/<first two hex digits>/<hex>`). Throws SourceFault. */
export async function* folderBlob(
  folder: string,
  digest: Digest,
  offset: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const hex = digest.slice(digest.indexOf(':') + 1)
  const path = join(folder, digestAlgorithm(digest), hex.slice(0, 2), hex)
  try {
    yield* createReadStream(path, { start: offset, highWaterMark: chunk, ...(signal ? { signal } : {}) })
  } catch (error) {
    signal?.throwIfAborted()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new SourceFault('not-found', `there is no blob ${digest}`, { cause: error })
    throw new SourceFault('unreadable', `reading blob ${digest} failed: ${code ?? 'unexpected error'}`, {
      cause: error,
      retryable: true,
    })
  }
}
