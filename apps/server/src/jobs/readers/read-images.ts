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
import { linesWith } from '../../use-cases/assessment/inventory-lines.ts'
import type { TaskContext } from '../tasks/conversation.ts'
import { askedImageSource, folderBlob } from './asked-image-source.ts'

/** What a process is asked to read. */
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
  /** Of the answer at most: an image of which there is more to say is not assessable. */
  readonly maxBytes: number
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

/** The stream by which a process asks for the bytes of a blob. */
export interface BlobAsked {
  readonly digest: Digest
  readonly offset: number
}

/**
 * Reads images from their bytes. Answers lines of JSON: an image without packages, lists of its packages, the next. What cannot be read, and cannot be by trying again, is an answer too.
 */
export async function readImages(asked: ImagesToRead, context: TaskContext): Promise<Uint8Array> {
  const { blobFolder, cacheFolder, images } = asked
  const source = askedImageSource({
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
  const lines: Buffer[] = []
  let left = asked.maxBytes
  for (const image of images) {
    const own = linesOf(await readOne(image), left) ?? linesOf(tooLarge(image, asked.maxBytes), left)
    if (!own)
      throw new Fault(
        'limit-exceeded',
        `what is to be said of the images has more than ${asked.maxBytes} bytes`,
      )
    for (const line of own) {
      left -= line.length
      lines.push(line)
    }
  }
  return Buffer.concat(lines)

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

function tooLarge(image: ResolvedImage, most: number): ReadImage {
  const message = `what is installed in the image takes more than ${most} bytes to say, which is more than the platform keeps`
  return {
    manifestDigest: image.manifestDigest,
    facts: imageFacts(image, [], undefined),
    unread: { code: 'limit-exceeded', message },
    extractorRevision: extractorRevision(),
  }
}

/** Undefined where they are larger than that. */
function linesOf(read: ReadImage, most: number): readonly Buffer[] | undefined {
  const { known } = read
  const lines: Buffer[] = []
  let left = most
  try {
    for (const text of linesWith(known?.inventory.packages ?? [], (packages) =>
      known ? { ...read, known: { ...known, inventory: { ...known.inventory, packages } } } : read,
    )) {
      const line = Buffer.from(`${text}\n`)
      left -= line.length
      if (left < 0) return undefined
      lines.push(line)
    }
    return lines
  } catch (error) {
    // Longer than any text may be.
    if (error instanceof RangeError) return undefined
    throw error
  }
}
