import type { Extractor, ImageInventory } from '@lanner/extractors'
import type { AdvisoryReader } from '@lanner/matching'
import {
  type AssessmentReason,
  Fault,
  formatPlatform,
  type ImageFacts,
  type Platform,
  parsePlatform,
  platformMatches,
  type Report,
  type ReportSet,
  type UnassessedImage,
} from '@lanner/model'
import type { ImageSource, LayerLimits, ResolvedImage } from '@lanner/oci'
import type { AssessmentEvent } from './events.ts'
import type { ImageCache, KnownImage } from './image-cache.ts'
import { ImageFault } from './image-fault.ts'
import { judge } from './judge.ts'
import type { LayerCache } from './layer-cache.ts'

/** What an assessment works with. Nothing is read from the environment. */
export interface AssessmentOptions {
  /** Absent: the inventory is still read, and the image is `not_assessable`. */
  readonly advisories?: AdvisoryReader
  readonly cache?: LayerCache
  /** Assembled images; used only with the usual extractors and bounds. */
  readonly images?: ImageCache
  readonly extractors?: readonly Extractor[]
  readonly limits?: Partial<LayerLimits>
  /** Only images for this platform; by default all of an index. */
  readonly platform?: Platform
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onEvent?: (event: AssessmentEvent) => void
  readonly now?: () => Date
  readonly version: string
}

/** Nothing behind the reference could be assessed, or not as asked. */
export class AssessmentFault extends Fault<'no-such-platform' | 'nothing-to-assess'> {}

/**
 * From bytes to explained findings: resolves the source, reads each layer once, assembles each image and matches its
 * packages. An image whose layers cannot be read gets a report that is `not_assessable` and says why. Throws what the
 * source throws while resolving, AssessmentFault, and the signal's reason when aborted.
 */
export async function assess(source: ImageSource, options: AssessmentOptions): Promise<ReportSet> {
  const onEvent = options.onEvent ?? (() => {})
  const { images, others } = await source.resolve(options.signal)
  const unassessed = others.filter((other) => isAskedFor(other, options.platform))
  const wanted = choosePlatform(images, unassessed, options.platform, source.reference)
  onEvent({ kind: 'resolved', reference: source.reference, images: wanted.length })
  if (wanted.length === 0) {
    const [first] = others
    throw new AssessmentFault(
      'nothing-to-assess',
      first ? `${source.reference}: ${first.message}` : `${source.reference} names no image`,
    )
  }
  const reports: Report[] = []
  for (const image of wanted) reports.push(await assessImage(source, image, { ...options, onEvent }))
  return {
    reference: source.reference,
    tool: { name: 'lanner', version: options.version },
    reports,
    others: unassessed,
  }
}

function choosePlatform(
  images: readonly ResolvedImage[],
  unassessed: readonly UnassessedImage[],
  platform: Platform | undefined,
  reference: string,
): readonly ResolvedImage[] {
  if (platform === undefined) return images
  const chosen = images.filter(({ config }) => platformMatches(platform, config))
  if (chosen.length > 0 || images.length === 0) return chosen
  // The index has such an image, and what is wrong with that one is what has to be told.
  const unread = unassessed.find((other) => other.platform !== undefined)
  if (unread) throw new AssessmentFault('nothing-to-assess', `${reference}: ${unread.message}`)
  const offered = images.map(({ config }) => formatPlatform(config)).join(', ')
  throw new AssessmentFault(
    'no-such-platform',
    `${reference} has no image for ${formatPlatform(platform)}; it has ${offered}`,
  )
}

/** What is not of the platform that was asked for is nobody's concern; what does not say its platform may be. */
function isAskedFor(other: UnassessedImage, platform: Platform | undefined): boolean {
  if (platform === undefined) return true
  if (other.code === 'not-an-image') return false
  const stated = other.platform === undefined ? undefined : parsePlatform(other.platform)
  return stated === undefined || stated.os === 'unknown' || platformMatches(platform, stated)
}

async function assessImage(
  source: ImageSource,
  image: ResolvedImage,
  options: AssessmentOptions & { readonly onEvent: (event: AssessmentEvent) => void },
): Promise<Report> {
  const { manifest } = image
  options.onEvent({
    kind: 'image',
    reference: image.reference,
    platform: platformOf(image),
    manifestDigest: image.manifestDigest,
    layers: manifest.layers.length,
    size: manifest.layers.reduce((sum, layer) => sum + layer.size, 0),
  })
  try {
    const { layers, inventory } = await readImage(source, image, options)
    const files = layers.some(({ reading }) => reading.entries > 0)
    return await judge(
      {
        reference: image.reference,
        image: imageFacts(image, layers, inventory),
        source: 'image',
        inventory,
        empty: !files,
      },
      options,
    )
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    const reason = unreadReason(error)
    return {
      reference: image.reference,
      image: imageFacts(image, [], undefined),
      source: 'image',
      repositoryCpes: [],
      state: 'not_assessable',
      reasons: [reason],
      packages: [],
      findings: [],
      assessedAt: (options.now?.() ?? new Date()).toISOString(),
    }
  }
}

/**
 * What is in an image: remembered as a whole, or assembled from its layers, of which each is read once. Throws a Fault for
 * layers that cannot be read (see `unreadReason`), and what the source throws.
 */
export async function readImage(
  source: ImageSource,
  image: ResolvedImage,
  options: AssessmentOptions & { readonly onEvent: (event: AssessmentEvent) => void },
): Promise<KnownImage> {
  const { manifest, config } = image
  if (manifest.layers.length !== config.rootfs.diffIds.length) {
    throw new ImageFault(
      'malformed',
      `the manifest lists ${manifest.layers.length} layers, its config ${config.rootfs.diffIds.length} diff ids`,
    )
  }
  const { extractors, limits, cache, signal, onEvent } = options
  // Other extractors or bounds than usual would find something else.
  const images = extractors || limits ? undefined : options.images
  const remembered = await images?.get(image)
  if (remembered) {
    tellKnownLayers(image, remembered, onEvent)
    return remembered
  }
  // Whoever knows the image needs nothing of what reads layers, and starts the sooner.
  const { assembledImage } = await import('./assembled-image.ts')
  const known = await assembledImage(source, image, {
    concurrency: options.concurrency ?? 2,
    onEvent,
    ...(extractors ? { extractors } : {}),
    ...(cache ? { cache } : {}),
    ...(limits ? { limits } : {}),
    ...(signal ? { signal } : {}),
  })
  await images?.put(image, known).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    onEvent({
      kind: 'warning',
      message: `${image.reference} was assembled but could not be remembered: ${reason}`,
    })
  })
  return known
}

function tellKnownLayers(
  image: ResolvedImage,
  known: KnownImage,
  onEvent: (event: AssessmentEvent) => void,
): void {
  known.layers.forEach(({ reading, packages }, index) => {
    const { digest, size, inflatedSize } = reading
    const of = image.manifest.layers.length
    onEvent({ kind: 'layer-done', index, of, digest, size, inflatedSize, packages, cached: true, took: 0 })
  })
}

/** Why an image whose layers could not be read is not assessable. */
export function unreadReason(fault: Fault): AssessmentReason {
  return { code: unreadCodes.get(fault.code) ?? 'unreadable-layer', message: fault.message }
}

/** Why the layers of an image could not be read, where it is no damage. */
const unreadCodes: ReadonlyMap<string, AssessmentReason['code']> = new Map([
  ['limit-exceeded', 'limit-exceeded'],
  ['unsupported', 'unsupported-media-type'],
])

function platformOf({ config }: ResolvedImage): Platform {
  return {
    os: config.os,
    architecture: config.architecture,
    ...(config.variant ? { variant: config.variant } : {}),
  }
}

/** What manifest, config and our reading say of an image. */
export function imageFacts(
  image: ResolvedImage,
  layers: KnownImage['layers'],
  inventory: ImageInventory | undefined,
): ImageFacts {
  const { config, manifest } = image
  const created = config.history.filter((entry) => !entry.emptyLayer)
  return {
    reference: image.reference,
    manifestDigest: image.manifestDigest,
    configDigest: manifest.config.digest,
    ...(image.indexDigest ? { indexDigest: image.indexDigest } : {}),
    platform: platformOf(image),
    ...(config.created ? { created: config.created } : {}),
    layers: layers.map(({ reading }, index) => ({
      index,
      digest: reading.digest,
      diffId: reading.diffId,
      mediaType: manifest.layers[index].mediaType,
      size: reading.size,
      inflatedSize: reading.inflatedSize,
      entries: reading.entries,
      ...(created[index]?.createdBy ? { createdBy: created[index].createdBy } : {}),
    })),
    ...(inventory?.distribution ? { distribution: inventory.distribution } : {}),
    labels: config.config.labels,
    ...(config.config.user ? { user: config.config.user } : {}),
    ...(config.config.entrypoint ? { entrypoint: config.config.entrypoint } : {}),
    ...(config.config.command ? { command: config.config.command } : {}),
  }
}
