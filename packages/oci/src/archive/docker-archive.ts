import { createHash } from 'node:crypto'
import type { Digest } from '@lanner/model'
import { contentDigest } from '../content-digest.ts'
import type { Descriptor, ImageConfig, ImageSource, Manifest, ResolvedImage } from '../descriptor.ts'
import { maxDocumentBytes, parseImageConfig } from '../documents.ts'
import { compressionOf, magicLength } from '../layer/compression.ts'
import { LayerFault } from '../layer/layer-fault.ts'
import { resolveImages } from '../resolve.ts'
import { SourceFault } from '../source-fault.ts'
import { type DockerImage, parseDockerManifest } from './docker-manifest.ts'
import type { Files } from './files.ts'
import { blobPath, layoutDocuments, readLayoutIndex } from './layout.ts'
import { openFiles } from './open-files.ts'

/** Which image of an archive is meant, and how it is called. */
export interface DockerArchiveOptions {
  /** One of the image's RepoTags, or what stands after its last colon. Not needed where there is one image. */
  readonly tag?: string
  /** How the image is called in answers and messages. */
  readonly reference: string
  /** Ends the inflating of a compressed archive. */
  readonly signal?: AbortSignal
}

const layerTypes = {
  none: 'application/vnd.docker.image.rootfs.diff.tar',
  gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const

/**
 * Opens what `docker save` wrote (https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format),
 * of old and of Docker 25, as well as other tools' archives of that form; gzip and zstd too.
 * Throws SourceFault `not-found`, `ambiguous` (the message lists the tags), `malformed`, `unreadable`.
 */
export async function openDockerArchive(path: string, options: DockerArchiveOptions): Promise<ImageSource> {
  const files = await openFiles(path, options.signal)
  try {
    const image = chooseImage(await readImages(files, path), options.tag, path)
    return dockerSource(files, image, options.reference, path)
  } catch (error) {
    await files.close()
    throw error
  }
}

function dockerSource(files: Files, image: DockerImage, reference: string, path: string): ImageSource {
  let places: ReadonlyMap<Digest, string> = new Map()
  return {
    reference,
    async resolve(signal) {
      const config = await readConfig(files, image, path)
      const listed = await listedImage(files, contentDigest(config), reference, path, signal)
      if (listed) return { images: [listed], others: [] }
      const composed = await composeImage(files, image, config, reference, path, signal)
      places = composed.places
      return { images: [composed.image], others: [] }
    },
    blob: ({ digest }, { offset, signal } = {}) =>
      files.stream(places.get(digest) ?? blobPath(digest), offset, signal),
    close: () => files.close(),
  }
}

async function readImages(files: Files, path: string): Promise<readonly DockerImage[]> {
  const bytes = await files.read('manifest.json', maxDocumentBytes)
  if (bytes) return parseDockerManifest(bytes, `${path}: manifest.json`)
  if (await files.size('index.json')) {
    throw new SourceFault(
      'not-found',
      `${path} has no manifest.json but an index.json: it is an OCI layout; name it oci:${path}`,
    )
  }
  throw new SourceFault(
    'not-found',
    `${path} has no manifest.json, so it is no docker-archive (Docker before 1.10 wrote none)`,
  )
}

function chooseImage(images: readonly DockerImage[], tag: string | undefined, path: string): DockerImage {
  if (images.length === 0) throw new SourceFault('not-found', `${path} is a docker-archive without images`)
  const exact = images.filter((image) => tag === undefined || image.tags.includes(tag))
  const named =
    exact.length > 0 ? exact : images.filter((image) => image.tags.some((name) => name.endsWith(`:${tag}`)))
  if (named.length === 1) return named[0]
  const tags = images.flatMap((image) => (image.tags.length > 0 ? image.tags : [image.config])).slice(0, 20)
  if (named.length === 0) {
    throw new SourceFault('not-found', `${path} has no image with the tag ${tag}; it has ${tags.join(', ')}`)
  }
  const asked = tag === undefined ? 'no tag was given' : `the tag ${tag} names several of them`
  throw new SourceFault(
    'ambiguous',
    `${path} has several images and ${asked}: ${tags.join(', ')}; name one as in docker-archive:${path}:TAG`,
  )
}

async function readConfig(files: Files, image: DockerImage, path: string): Promise<Buffer> {
  const bytes = await files.read(image.config, maxDocumentBytes)
  if (bytes) return bytes
  throw new SourceFault(
    'not-found',
    `${path}: the config ${image.config} that manifest.json names is not in the archive`,
  )
}

/** Docker 25 writes an OCI layout into the same archive: the image's own manifest, whose digest registries know it by. */
async function listedImage(
  files: Files,
  config: Digest,
  reference: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ResolvedImage | undefined> {
  if ((await files.size('index.json')) === undefined) return undefined
  const readDocument = layoutDocuments(files, reference)
  for (const entry of await readLayoutIndex(files, path)) {
    try {
      const { images } = await resolveImages(readDocument, entry, reference, signal)
      const image = images.find((candidate) => candidate.manifest.config.digest === config)
      if (image && (await hasLayers(files, image))) return image
    } catch (error) {
      // Some writers list what they did not save; manifest.json says all that is needed.
      if (!(error instanceof SourceFault)) throw error
    }
  }
  return undefined
}

async function hasLayers(files: Files, image: ResolvedImage): Promise<boolean> {
  for (const layer of image.manifest.layers) {
    if ((await files.size(blobPath(layer.digest))) === undefined) return false
  }
  return true
}

/**
 * Makes a manifest of what manifest.json tells. It names no digests of layers: an uncompressed layer's is its diff id, which
 * reading the layer verifies; a compressed one is hashed here. The manifest's own digest is ours, the same for the same image.
 */
async function composeImage(
  files: Files,
  { config, layers }: DockerImage,
  bytes: Buffer,
  reference: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ image: ResolvedImage; places: Map<Digest, string> }> {
  const parsed: ImageConfig = parseImageConfig(bytes, `${path}: ${config}`)
  const { diffIds } = parsed.rootfs
  if (diffIds.length !== layers.length) {
    const counts = `${layers.length} layers but its config ${diffIds.length} diff ids`
    throw new SourceFault('malformed', `${path}: manifest.json names ${counts}`)
  }
  const places = new Map<Digest, string>()
  const descriptors: Descriptor[] = []
  for (const [at, layer] of layers.entries()) {
    signal?.throwIfAborted()
    const descriptor = await describeLayer(files, layer, diffIds[at], path, signal)
    places.set(descriptor.digest, layer)
    descriptors.push(descriptor)
  }
  const manifest: Manifest = {
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: bytes.length,
      digest: contentDigest(bytes),
    },
    layers: descriptors,
  }
  const manifestDigest = contentDigest(Buffer.from(JSON.stringify({ schemaVersion: 2, ...manifest })))
  return { image: { reference, manifestDigest, manifest, config: parsed }, places }
}

async function describeLayer(
  files: Files,
  name: string,
  diffId: Digest,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const size = await files.size(name)
  if (size === undefined) {
    throw new SourceFault(
      'not-found',
      `${path}: the layer ${name} that manifest.json names is not in the archive`,
    )
  }
  try {
    const compression = compressionOf(await firstBytes(files, name), `${path}: ${name}`)
    const digest = compression === 'none' ? diffId : await hashFile(files, name, signal)
    return { mediaType: layerTypes[compression], size, digest }
  } catch (error) {
    if (!(error instanceof LayerFault)) throw error
    throw new SourceFault('unsupported', error.message, { cause: error })
  }
}

async function firstBytes(files: Files, name: string): Promise<Buffer> {
  for await (const chunk of files.stream(name)) return chunk.subarray(0, magicLength)
  return Buffer.alloc(0)
}

async function hashFile(files: Files, name: string, signal: AbortSignal | undefined): Promise<Digest> {
  const hash = createHash('sha256')
  for await (const chunk of files.stream(name, 0, signal)) hash.update(chunk)
  return `sha256:${hash.digest('hex')}` as Digest
}
