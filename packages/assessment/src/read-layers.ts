import { type Extractor, LayerExtraction, type ReadingNeed } from '@lanner/extractors'
import type { Digest } from '@lanner/model'
import {
  cleanPath,
  type Descriptor,
  type ImageSource,
  type LayerLimits,
  type LayerReading,
  type ResolvedImage,
  readLayer,
} from '@lanner/oci'
import type { AssessmentEvent } from './events.ts'
import { ImageFault } from './image-fault.ts'
import type { KnownLayer, LayerCache } from './layer-cache.ts'

/** What reading layers needs, besides the image. */
export interface LayerReadingOptions {
  /** Default: all of them, loaded when the first layer has to be read. */
  readonly extractors?: readonly Extractor[]
  readonly cache?: LayerCache
  readonly limits?: Partial<LayerLimits>
  /** Layers read at once. Inflation runs beside the walk, so one layer already keeps more than one core busy. */
  readonly concurrency: number
  readonly signal?: AbortSignal
  readonly onEvent: (event: AssessmentEvent) => void
}

/** A layer that was read, with its place in the image. */
export interface ImageLayer extends KnownLayer {
  readonly descriptor: Descriptor
  readonly index: number
}

const progressEvery = 250
/** What is still to be read then stays a problem. Go programs of old need most: they lead from one place to the next. */
const maxReadings = 4

/** Packages that the layers of one image may bring together, counted once for layers that occur again. */
export const maxImagePackages = 500_000

/**
 * Reads the layers of an image, base first, each at most once: what the cache knows by the blob's digest is not read
 * again unless the image says something else of it than we found: what a config claims never makes a layer known.
 * Throws the first LayerFault; nothing is left running.
 */
export async function readLayers(
  source: ImageSource,
  image: ResolvedImage,
  options: LayerReadingOptions,
): Promise<ImageLayer[]> {
  const { layers } = image.manifest
  const { diffIds } = image.config.rootfs
  const done = new Map<string, Promise<KnownLayer>>()
  const results: ImageLayer[] = []
  const failing = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal
  let next = 0
  let packages = 0

  function bounded(layer: KnownLayer): KnownLayer {
    packages += packagesIn(layer)
    if (packages <= maxImagePackages) return layer
    throw new ImageFault(
      'limit-exceeded',
      `the layers of the image hold more than ${maxImagePackages} packages together`,
    )
  }

  async function worker(): Promise<void> {
    while (next < layers.length && !signal.aborted) {
      const index = next++
      const descriptor = layers[index]
      // The same blob twice in one image (an empty layer, mostly) is read once, if the same is said of it.
      const claims = `${descriptor.digest} ${descriptor.size} ${diffIds[index]}`
      const reading =
        done.get(claims) ??
        knownOrRead(source, descriptor, index, layers.length, diffIds[index], { ...options, signal }).then(
          bounded,
        )
      done.set(claims, reading)
      const layer = await reading
      results[index] = { ...layer, descriptor, index }
    }
  }

  const workers = Array.from({ length: Math.min(options.concurrency, layers.length) }, () =>
    worker().catch((error: unknown) => {
      failing.abort(error)
      throw error
    }),
  )
  const outcomes = await Promise.allSettled(workers)
  options.signal?.throwIfAborted()
  // The fault that came first aborted the others, whose own faults say nothing more.
  if (outcomes.some((outcome) => outcome.status === 'rejected')) throw failing.signal.reason
  return results
}

async function knownOrRead(
  source: ImageSource,
  descriptor: Descriptor,
  index: number,
  of: number,
  diffId: Digest | undefined,
  options: LayerReadingOptions,
): Promise<KnownLayer> {
  const { onEvent } = options
  const { digest, size } = descriptor
  const started = performance.now()
  onEvent({ kind: 'layer', index, of, digest, size })
  const remembered = await options.cache?.get(digest)
  // What contradicts our record is read, so that the fault is told as it is for a layer that nobody knows.
  const known = remembered && agrees(remembered.reading, descriptor, diffId) ? remembered : undefined
  const layer = known ?? (await readOne(source, descriptor, index, of, diffId, options))
  if (!known && options.cache) {
    await options.cache.put(layer).catch((error: unknown) => {
      onEvent({
        kind: 'warning',
        message: `layer ${digest} was read but could not be remembered: ${messageOf(error)}`,
      })
    })
  }
  onEvent({
    kind: 'layer-done',
    index,
    of,
    digest,
    size,
    inflatedSize: layer.reading.inflatedSize,
    packages: packagesIn(layer),
    cached: known !== undefined,
    took: performance.now() - started,
  })
  return layer
}

/** Reads a layer, and again where content that had gone by turns out to be wanted (`ReadingNeed`). */
async function readOne(
  source: ImageSource,
  descriptor: Descriptor,
  index: number,
  of: number,
  diffId: Digest | undefined,
  options: LayerReadingOptions,
): Promise<KnownLayer> {
  let told = performance.now()
  const read = async (extraction: LayerExtraction): Promise<LayerReading> =>
    readLayer(source.blob(descriptor, { signal: options.signal }), {
      digest: descriptor.digest,
      size: descriptor.size,
      mediaType: descriptor.mediaType,
      ...(diffId ? { diffId } : {}),
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      visitor: {
        entry(entry) {
          const path = cleanPath(entry.path)
          if (path === undefined) return void extraction.refuse(entry.path)
          // The root itself.
          if (path === '') return undefined
          const { type, mode, size } = entry
          return extraction.entry({
            path,
            type,
            mode,
            size,
            ...(entry.link === undefined ? {} : { link: cleanPath(entry.link) }),
          })
        },
      },
      onProgress(stored) {
        const now = performance.now()
        if (now - told < progressEvery) return
        told = now
        options.onEvent({
          kind: 'layer-progress',
          index,
          of,
          digest: descriptor.digest,
          size: descriptor.size,
          read: stored,
        })
      },
    })
  const extractors = options.extractors ?? (await import('@lanner/extractors/extractors')).extractors
  let needs: readonly ReadingNeed[] = []
  for (let readings = 1; ; readings++) {
    const extraction = new LayerExtraction(extractors, needs)
    const reading = await read(extraction)
    const inventory = extraction.finish()
    if (inventory.unread.length === 0 || readings === maxReadings)
      return { reading, inventory: { ...inventory, unread: [] } }
    needs = inventory.unread
  }
}

/** Packages that a layer brings, the same one in two places counted twice. */
export function packagesIn({ inventory }: KnownLayer): number {
  return inventory.evidence.reduce((sum, evidence) => sum + evidence.packages.length, 0)
}

/** Our record of a layer knows its sha256 alone: a diff id of another algorithm takes another reading. */
function agrees(reading: LayerReading, { size }: Descriptor, diffId: Digest | undefined): boolean {
  return reading.size === size && (diffId === undefined || reading.diffId === diffId)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
