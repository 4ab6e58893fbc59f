import { createHash } from 'node:crypto'
import type { ImageInventory } from '@lanner/extractors'
import { type Digest, type ImageFacts, isDigest, type LayerFacts, parseDigest } from '@lanner/model'
import { noteAssessments } from '../db/assessment-history.ts'
import {
  applyContent,
  type ImageName,
  imagesNamed,
  imagesWithDigest,
  putImage,
  type StoredImage,
  supersedeImages,
} from '../db/image.ts'
import { storableText } from '../db/storable.ts'
import { batchedMatcher } from './assessment/batched-matcher.ts'
import { type RecordPorts, recordImage } from './assessment/record.ts'
import { RequestFault } from './request-fault.ts'
import { inventoryOfSent, type SentPackages, sentLimits } from './sent-inventory.ts'
import { Turnstile } from './turnstile.ts'

/** What a scanner says of an image that it read; '' where it says nothing. */
export interface SentImage {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  /** Of the manifest. */
  readonly digest: string
  readonly indexDigest: string
  /** Digest of the config, with or without its algorithm. */
  readonly imageId: string
  readonly os: string
  readonly architecture: string
  readonly variant: string
  readonly created: string
  /** Bytes; 0 where it is not told. */
  readonly size: number
  /** Base first. */
  readonly layers: readonly { readonly digest: string; readonly size: number; readonly createdBy: string }[]
  /** As the config has them. */
  readonly diffIds: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** JSON. */
  readonly manifest: string
  readonly config: string
  /** Version of whatever read it. */
  readonly engine: string
}

/** Under what an inventory is known from now on. */
export interface AcceptedInventory {
  /** Id of the scan: the image's record. */
  readonly scan: string
  readonly imageId: string
  readonly digest: string
}

/** Inventories of images that clients read themselves. */
export interface ScanInventories {
  /**
   * Records an image by what a client says is in it: reports, lists and policy checks are made of it as of any other. It stays
   * that tenant's own word: nobody else's image gets its content by it, even under the same digest, and what was read
   * here goes before it. Where the digest is missing it is derived from the image id, else from the inventory itself, so that
   * the same inventory sent again is the same image. Throws RequestFault `invalid`, `too-large`.
   *
   * Under a name that stands for an image which was read here the inventory is kept without a tag, by its digest alone: a
   * client's word never takes a name away from what was pushed.
   */
  accept(cid: string, actor: string, image: SentImage, packages: SentPackages): Promise<AcceptedInventory>
}

const maxLayers = 1_000
/** Large inventories are megabytes while they are worked on. */
const atOnce = 2

export function scanInventories(ports: RecordPorts): ScanInventories {
  const turnstile = new Turnstile(atOnce)
  const recording = { ...ports, matcher: batchedMatcher(ports.matcher, sentLimits.findings) }

  async function accept(
    cid: string,
    actor: string,
    image: SentImage,
    packages: SentPackages,
  ): Promise<AcceptedInventory> {
    const name = nameOf(image)
    const layers = layersOf(image)
    const inventory = inventoryOfSent(packages, layers.length)
    const { digest, imageId } = identityOf(image, inventory)
    const facts = factsOf(image, digest, imageId, layers, inventory)
    const key = `claimed:${cid}:${digest}`
    const size = image.size > 0 ? image.size : layers.reduce((sum, layer) => sum + layer.size, 0)
    await recordImage(
      {
        facts,
        documents: { manifest: image.manifest, config: image.config },
        known: { layers: [], inventory },
        extractorRevision: storableText(image.engine.slice(0, 64)),
        claim: { key, size },
      },
      recording,
    )
    const now = ports.now()
    const stored = await ports.transaction(async (inside) => {
      const standing = name.tag === '' ? [] : await imagesNamed(inside, cid, name)
      const taken = standing.some((other) => !other.claimed && other.digest !== digest)
      const under = taken ? { ...name, tag: '' } : name
      // What was read here of this very image, for this tenant, goes before what is told of it.
      const read = (await imagesWithDigest(inside, cid, { digest })).some(
        (own) => !own.claimed && own.digest === digest && own.set_id !== null,
      )
      await putImage(
        inside,
        cid,
        {
          ...under,
          imageUuid: crypto.randomUUID(),
          digest,
          indexDigest: facts.indexDigest ?? '',
          imageId,
          os: storableText(facts.platform.os),
          architecture: storableText(facts.platform.architecture),
          variant: storableText(facts.platform.variant ?? ''),
          source: 'cli',
          claimed: !read,
          actor,
        },
        now,
      )
      await applyContent(inside, read ? digest : key, now)
      if (under.tag !== '')
        await supersedeImages(inside, cid, under, [digest, ...siblings(standing, facts)], now)
      await noteAssessments(inside, cid, under, [digest], now)
      return recordUnder(await imagesWithDigest(inside, cid, { digest }), under, digest)
    })
    return { scan: stored.image_uuid, imageId: stored.image_id, digest }
  }

  return { accept: (...asked) => turnstile.pass(() => accept(...asked)) }
}

/** Other platforms of the same index stand under the name beside this one. */
function siblings(standing: readonly StoredImage[], { indexDigest }: ImageFacts): string[] {
  if (indexDigest === undefined) return []
  return standing.filter((other) => other.index_digest === indexDigest).map((other) => other.digest)
}

function recordUnder(images: readonly StoredImage[], name: ImageName, digest: string): StoredImage {
  const found = images.find(
    (image) =>
      image.digest === digest &&
      image.registry === name.registry &&
      image.repository === name.repository &&
      image.tag === name.tag,
  )
  if (!found) throw new Error('an image that was just recorded is gone')
  return found
}

const maxName = 255

function nameOf({ registry, repository, tag }: SentImage): ImageName {
  if (repository.trim() === '')
    throw new RequestFault('invalid', 'inventory.ImageInfo.Repository: an image needs a name')
  const named = { Registry: registry, Repository: repository, Tag: tag }
  for (const [member, text] of Object.entries(named)) {
    // Spaces and controls are in no name that a registry gives.
    const plain = /^[\x21-\x7e]*$/.test(text) && text.length <= maxName
    if (!plain)
      throw new RequestFault(
        'invalid',
        `inventory.ImageInfo.${member}: ${JSON.stringify(text.slice(0, 60))} is not a name of at most ${maxName} visible characters`,
      )
  }
  return { registry, repository, tag }
}

function layersOf({ layers, diffIds, manifest }: SentImage): LayerFacts[] {
  if (layers.length > maxLayers)
    throw new RequestFault('too-large', `${layers.length} layers were sent; at most ${maxLayers} are taken`)
  const types = mediaTypes(manifest)
  return layers.map(({ digest, size, createdBy }, index) => {
    const blob = digestMember(`inventory.Layers[${index}].Digest`, digest)
    if (!blob) throw new RequestFault('invalid', `inventory.Layers[${index}].Digest: missing`)
    return {
      index,
      digest: blob,
      diffId: (diffIds.length === layers.length && parseDigest(diffIds[index])) || blob,
      mediaType: types[index] ?? '',
      size: counted(size),
      inflatedSize: 0,
      entries: 0,
      ...(createdBy === '' ? {} : { createdBy: createdBy.slice(0, 10_000) }),
    }
  })
}

function mediaTypes(manifest: string): readonly string[] {
  const { layers } = JSON.parse(manifest) as { readonly layers?: readonly { readonly mediaType?: string }[] }
  return (layers ?? []).map(({ mediaType }) => mediaType ?? '')
}

/** Digest and image id; derived the same way each time where the client does not tell them. */
function identityOf(image: SentImage, inventory: ImageInventory): { digest: Digest; imageId: string } {
  const bare = image.imageId === '' || image.imageId.includes(':') ? image.imageId : `sha256:${image.imageId}`
  const id = digestMember('inventory.ImageInfo.ID', bare)
  const { architecture, layers } = image
  const basis = id
    ? ['image', id]
    : [
        'inventory',
        architecture,
        layers,
        inventory.distribution ?? null,
        inventory.packages.map(({ purl }) => purl).sort(),
      ]
  const digest = digestMember('inventory.ImageInfo.Digest', image.digest) ?? hashed(basis)
  const config = id ?? hashed(['config', digest])
  return { digest, imageId: config.slice(config.indexOf(':') + 1) }
}

function hashed(value: unknown): Digest {
  const digest = `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`
  return digest as Digest // By its making.
}

function digestMember(member: string, text: string): Digest | undefined {
  if (text === '') return undefined
  if (isDigest(text)) return text
  throw new RequestFault(
    'invalid',
    `${member}: ${JSON.stringify(text.slice(0, 100))} is no digest (sha256:<64 hex>)`,
  )
}

function factsOf(
  image: SentImage,
  digest: Digest,
  imageId: string,
  layers: readonly LayerFacts[],
  inventory: ImageInventory,
): ImageFacts {
  const index = digestMember('inventory.ImageInfo.IndexDigest', image.indexDigest)
  const { os, architecture, variant, created, labels } = image
  return {
    reference: '',
    manifestDigest: digest,
    configDigest: `sha256:${imageId}` as Digest, // Taken from a digest.
    ...(index ? { indexDigest: index } : {}),
    platform: {
      os: os === '' ? 'linux' : os.slice(0, 40),
      architecture: architecture.slice(0, 40),
      ...(variant === '' ? {} : { variant: variant.slice(0, 40) }),
    },
    ...(created === '' ? {} : { created: created.slice(0, 40) }),
    layers,
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    labels,
  }
}

function counted(size: number): number {
  return Number.isSafeInteger(size) && size > 0 ? size : 0
}
