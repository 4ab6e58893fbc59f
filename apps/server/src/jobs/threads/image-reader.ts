import type { AssessmentEvent } from '@lanner/assessment'
import type { Digest } from '@lanner/model'
import { type Clock, type ImageSource, type LayerLimits, type ResolvedImage, SourceFault } from '@lanner/oci'
import type { BlobAsked, ImagesToRead, ReadImage } from './read-images.ts'
import { ThreadPool, type ThreadPoolOptions } from './thread-pool.ts'

export type { ReadImage }

export interface ImageReaderOptions {
  /** Threads at most. */
  readonly threads: number
  readonly cacheFolder?: string
  readonly limits?: Partial<LayerLimits>
  readonly memory?: ThreadPoolOptions['memory']
  readonly clock: Clock
  readonly version: string
}

/** Reads images in threads, so that whoever asks can go on answering others. */
export interface ImageReader {
  /**
   * Reads the images of a source that resolved them. With `blobFolder` the thread opens the blobs itself, by their digests:
   * whoever names it has made sure that these images may see them; else they are had from the source. Throws what the source
   * throws that may pass, the signal's reason, and ThreadFault.
   */
  read(
    source: ImageSource,
    images: readonly ResolvedImage[],
    options?: {
      readonly blobFolder?: string
      readonly signal?: AbortSignal
      readonly onEvent?: (event: AssessmentEvent) => void
    },
  ): Promise<readonly ReadImage[]>
  /** Starts threads before they are needed. */
  warm(threads?: number): void
  readonly size: ThreadPool['size']
  close(): Promise<void>
}

/** A pool of threads that read images. */
export function imageReader(options: ImageReaderOptions): ImageReader {
  const { threads, clock, memory, ...settings } = options
  const pool = new ThreadPool({ entry: entry(), size: threads, clock, ...(memory ? { memory } : {}) })
  return {
    get size() {
      return pool.size
    },
    warm: (count) => pool.warm(count),
    close: () => pool.close(),
    async read(source, images, { blobFolder, signal, onEvent } = {}) {
      const asked: ImagesToRead = {
        reference: source.reference,
        images,
        ...(blobFolder === undefined ? {} : { blobFolder }),
        ...settings,
      }
      const bytes = await pool.run('readImages', asked, {
        ...(signal ? { signal } : {}),
        ...(onEvent ? { onEvent: (event: unknown) => onEvent(event as AssessmentEvent) } : {}), // Ours, by our own thread.
        streams: { blob: (blob: BlobAsked, over: AbortSignal) => blobOf(source, images, blob, over) },
      })
      // Written by `readImages` a moment ago.
      return JSON.parse(Buffer.from(bytes as Uint8Array).toString()) as readonly ReadImage[]
    },
  }
}

/** A thread reads what somebody else wrote: it is given the layers that it was asked to read and nothing else. */
function blobOf(
  source: ImageSource,
  images: readonly ResolvedImage[],
  { digest, offset }: BlobAsked,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const descriptor = images
    .flatMap(({ manifest }) => manifest.layers)
    .find((layer) => layer.digest === digest)
  if (!descriptor)
    throw new SourceFault('not-found', `no image that is read has a layer ${digest satisfies Digest}`)
  return source.blob(descriptor, { offset, signal })
}

/** As a source file, or as the bundle has it. */
function entry(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './image-thread.ts' : './image-thread.cjs',
    import.meta.url,
  )
}
