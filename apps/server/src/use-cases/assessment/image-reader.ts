import type { KnownImage } from '@lanner/assessment'
import type { AssessmentReason, ImageFacts } from '@lanner/model'
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

/**
 * Reads what is in an image, each layer that is not known once. Layers that cannot be read are an answer; it throws what may
 * pass when tried again, and the signal's reason when aborted.
 */
export interface ImageReader {
  read(source: ImageSource, image: ResolvedImage, options: ReadOptions): Promise<ReadImage>
}
