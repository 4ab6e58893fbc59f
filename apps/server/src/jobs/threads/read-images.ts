import {
  type AssessmentEvent,
  extractorRevision,
  folderCaches,
  imageFacts,
  type KnownImage,
  readImage,
  unreadReason,
} from '@lanner/assessment'
import { type AssessmentReason, type Digest, Fault, type ImageFacts } from '@lanner/model'
import type { LayerLimits, ResolvedImage } from '@lanner/oci'
import { ownBytes, Transferred } from './protocol.ts'
import type { ThreadContext } from './serve.ts'
import { folderBlob, threadImageSource } from './thread-image-source.ts'

/** What a thread is asked to read. */
export interface ImagesToRead {
  readonly reference: string
  readonly images: readonly ResolvedImage[]
  /** Where the blobs lie; absent: they are asked for, a chunk at a time. */
  readonly blobFolder?: string
  /** Where layers and images that were read are remembered. */
  readonly cacheFolder?: string
  /** Others than the usual find something else: images are then not remembered as a whole. */
  readonly limits?: Partial<LayerLimits>
  /** Layers at once. */
  readonly concurrency?: number
  readonly version: string
}

/** What is in one image, or why that is not known. */
export interface ReadImage {
  readonly manifestDigest: Digest
  readonly facts: ImageFacts
  readonly known?: KnownImage
  /** Set when there is no `known`. */
  readonly unread?: AssessmentReason
  readonly extractorRevision: string
}

/** The stream by which a thread asks for the bytes of a blob. */
export interface BlobAsked {
  readonly digest: Digest
  readonly offset: number
}

/**
 * Reads images from their bytes, in a thread. Answers JSON as bytes that change hands: whoever waits for it does not spend the
 * time that a structured clone takes. What cannot be read, and cannot be by trying again, is an answer too.
 */
export async function readImages(asked: ImagesToRead, context: ThreadContext): Promise<Transferred> {
  const { blobFolder, cacheFolder, images } = asked
  const source = threadImageSource({
    reference: asked.reference,
    images,
    blob: (digest, offset, signal) =>
      blobFolder === undefined
        ? context.stream('blob', { digest, offset } satisfies BlobAsked)
        : folderBlob(blobFolder, digest, offset, signal),
  })
  const options = {
    ...(cacheFolder === undefined ? {} : folderCaches(cacheFolder)),
    ...(asked.limits ? { limits: asked.limits } : {}),
    ...(asked.concurrency === undefined ? {} : { concurrency: asked.concurrency }),
    version: asked.version,
    signal: context.signal,
    onEvent: (event: AssessmentEvent) => context.emit(event),
  }
  const read: ReadImage[] = []
  for (const image of images) read.push(await readOne(image))
  const bytes = ownBytes(Buffer.from(JSON.stringify(read)))
  return new Transferred(bytes, [bytes.buffer])

  async function readOne(image: ResolvedImage): Promise<ReadImage> {
    const { manifestDigest } = image
    const revision = extractorRevision()
    try {
      const known = await readImage(source, image, options)
      const facts = imageFacts(image, known.layers, known.inventory)
      return { manifestDigest, facts, known, extractorRevision: revision }
    } catch (error) {
      context.signal.throwIfAborted()
      // A registry that is away for a moment makes no image unreadable.
      if (!(error instanceof Fault) || error.retryable) throw error
      const facts = imageFacts(image, [], undefined)
      return { manifestDigest, facts, unread: unreadReason(error), extractorRevision: revision }
    }
  }
}
