import type { KnownImage } from '@lanner/assessment'
import { type AssessmentReason, Fault, type ImageFacts } from '@lanner/model'
import type { ImageSource, ResolvedImage } from '@lanner/oci'

/** How far the reading of an image is. */
export interface ReadingProgress {
  readonly layers: number
  readonly layersDone: number
  /** Layers that were known: none of their bytes were read. */
  readonly layersKnown: number
}

export interface ReadOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: ReadingProgress) => void
}

/** What is in one image, or why that is not known. */
export interface ReadImage {
  readonly facts: ImageFacts
  readonly known?: KnownImage
  /** Set when there is no `known`. */
  readonly unread?: AssessmentReason
  readonly extractorRevision: string
}

/** The process that an image was read in ended on the way, and that may have been the image's doing. */
export class ReaderFault extends Fault<'crashed' | 'out-of-memory'> {
  readonly manifestDigest: string

  constructor(
    code: 'crashed' | 'out-of-memory',
    message: string,
    { manifestDigest, cause }: { readonly manifestDigest: string; readonly cause?: unknown },
  ) {
    super(code, message, { cause, retryable: true })
    this.manifestDigest = manifestDigest
  }
}

/**
 * Reads what is in an image, each layer that is not known once. Layers that cannot be read are an answer; it throws what may
 * pass when tried again, ReaderFault, and the signal's reason when aborted.
 */
export interface ImageReader {
  read(source: ImageSource, image: ResolvedImage, options: ReadOptions): Promise<ReadImage>
}
