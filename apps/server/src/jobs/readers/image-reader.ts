import type { AssessmentEvent } from '@lanner/assessment'
import type { Digest } from '@lanner/model'
import { type Clock, type ImageSource, type LayerLimits, type ResolvedImage, SourceFault } from '@lanner/oci'
import { readLines } from '../../use-cases/assessment/inventory-lines.ts'
import { type ProcessMemory, type ProcessOptions, processHosts } from '../processes/process-host.ts'
import { TaskPool } from '../tasks/task-pool.ts'
import type { BlobAsked, ImagesToRead, ReadImage } from './read-images.ts'
import { bytesOfReadings, memoryOfReaders } from './reader-memory.ts'

export type { ReadImage }

export interface ImageReaderOptions {
  /** Processes at most. */
  readonly processes: number
  readonly cacheFolder?: string
  readonly limits?: Partial<LayerLimits>
  /** A module that serves `readImages`; tests bring their own. */
  readonly entry?: URL
  /** Default: a share of what the machine has. */
  readonly memory?: ProcessMemory
  /** Bytes that are said of the images of one call at most. Default: what the server's heap has room for. */
  readonly maxBytes?: number
  readonly onOutput?: ProcessOptions['onOutput']
  readonly clock: Clock
  readonly version: string
}

/** Reads images in processes of their own: whatever an image brings about there, whoever asks goes on answering others. */
export interface ImageReader {
  /**
   * Reads the images of a source that resolved them. With `blobFolder` the process opens the blobs itself, by their digests:
   * whoever names it has made sure that these images may see them; else they are had from the source. Throws what the source
   * throws that may pass, the signal's reason, and TaskFault.
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
  /** Starts processes before they are needed. */
  warm(processes?: number): void
  readonly size: TaskPool['size']
  /** What each process may take. */
  readonly memory: ProcessMemory
  close(): Promise<void>
}

/** A pool of processes that read images. */
export function imageReader(options: ImageReaderOptions): ImageReader {
  const {
    processes,
    clock,
    onOutput,
    entry = ownEntry(),
    memory = memoryOfReaders(processes),
    maxBytes = bytesOfReadings(processes),
    ...settings
  } = options
  const start = processHosts({
    entry,
    memory,
    answer: maxBytes,
    ...(onOutput ? { onOutput } : {}),
  })
  const pool = new TaskPool({ start, size: processes, clock })
  return {
    memory,
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
        maxBytes,
      }
      const answer = await pool.run('readImages', asked, {
        ...(signal ? { signal } : {}),
        ...(onEvent ? { onEvent: (event: unknown) => onEvent(event as AssessmentEvent) } : {}), // Ours, by our own code.
        streams: { blob: (blob: BlobAsked, over: AbortSignal) => blobOf(source, images, blob, over) },
      })
      const read: ReadImage[] = []
      // Written by `readImages` a moment ago.
      await readLines(answer as Uint8Array, (image) => {
        read.push(image as ReadImage)
        return (image as ReadImage).known?.inventory
      })
      return read
    },
  }
}

/** A process reads what somebody else wrote: it is given the layers that it was asked to read and nothing else. */
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
function ownEntry(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './image-process.ts' : './image-process.cjs',
    import.meta.url,
  )
}
