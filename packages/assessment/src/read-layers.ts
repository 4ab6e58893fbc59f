import { type Extractor, LayerExtraction, type LayerInventory } from '@lanner/extractors'
import { type Digest, Fault } from '@lanner/model'
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
import type { KnownLayer, LayerCache } from './layer-cache.ts'

/** What reading layers needs, besides the image. */
export interface LayerReadingOptions {
  readonly extractors: readonly Extractor[]
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

/**
 * Reads the layers of an image, base first, each at most once: what the cache knows by the blob's digest is not read
 * again. The diff id that our own inflation gave is compared with the config's every time, also for known layers.
 * Throws the first LayerFault; nothing is left running.
 */
export async function readLayers(
  source: ImageSource,
  image: ResolvedImage,
  options: LayerReadingOptions,
): Promise<ImageLayer[]> {
  const { layers } = image.manifest
  const { diffIds } = image.config.rootfs
  const done = new Map<Digest, Promise<KnownLayer>>()
  const results: ImageLayer[] = []
  const failing = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal
  let next = 0

  async function worker(): Promise<void> {
    while (next < layers.length && !signal.aborted) {
      const index = next++
      const descriptor = layers[index]
      // The same blob twice in one image (an empty layer, mostly) is read once.
      const reading =
        done.get(descriptor.digest) ??
        knownOrRead(source, descriptor, index, layers.length, diffIds[index], { ...options, signal })
      done.set(descriptor.digest, reading)
      const layer = await reading
      verifyDiffId(layer.reading, diffIds[index], index)
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
  const known = await options.cache?.get(digest)
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
    packages: layer.inventory.evidence.reduce((sum, evidence) => sum + evidence.packages.length, 0),
    cached: known !== undefined,
    took: performance.now() - started,
  })
  return layer
}

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
  const extraction = new LayerExtraction(options.extractors)
  const reading = await read(extraction)
  const inventory = extraction.finish()
  if (inventory.unread.length === 0) return { reading, inventory }
  // A wanted file that is a hard link to an unwanted one: its content has gone by, so the layer is read once more for it.
  const aliases = new Map<string, string[]>()
  for (const [path, target] of inventory.unread) aliases.set(target, [...(aliases.get(target) ?? []), path])
  const again = new LayerExtraction(options.extractors, aliases)
  await read(again)
  return { reading, inventory: { ...again.finish(), unread: [] } satisfies LayerInventory }
}

function verifyDiffId(reading: LayerReading, claimed: Digest | undefined, index: number): void {
  if (claimed === undefined || claimed === reading.diffId || !claimed.startsWith('sha256:')) return
  throw new Fault(
    'diff-id-mismatch',
    `layer ${index + 1} (${reading.digest}) inflates to ${reading.diffId}, but the image's config says ${claimed}: the image is damaged or forged`,
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
