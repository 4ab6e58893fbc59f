import { type Digest, Fault, formatPlatform } from '@lanner/model'
import { verifyContent } from './content-digest.ts'
import type { Descriptor, ImageConfig, Manifest, ResolvedImage, UnresolvedImage } from './descriptor.ts'
import { maxDocumentBytes, parseImageConfig, parseManifestDocument } from './documents.ts'
import { configKind, documentKind, isFilesystemLayer } from './media-types.ts'
import { SourceFault } from './source-fault.ts'

/** Where a JSON document is to be found. */
export interface DocumentReference {
  readonly digest: Digest
  readonly mediaType?: string
  /** Bytes, where known. */
  readonly size?: number
}

/** Reads a document whole, at most `maxDocumentBytes`. Its digest is verified here, not there. */
export type ReadDocument = (document: DocumentReference) => Promise<Buffer>

/** What a reference stands for: a manifest or an index, with its bytes where they were read already. */
export interface RootDocument extends DocumentReference {
  readonly bytes?: Buffer
  readonly platform?: Descriptor['platform']
}

/** What lies behind a reference. */
export interface Resolution {
  readonly images: readonly ResolvedImage[]
  readonly others: readonly UnresolvedImage[]
}

/** Indexes inside indexes: deeper ones are refused. */
const maxDepth = 4
/** Documents that one reference may lead to. */
const maxResolved = 5_000
/** Manifests of one index that are read at the same time. */
const concurrency = 4

/**
 * Follows a manifest or an index (of indexes) down to its images. A fault of the root is thrown; below an index, one bad
 * entry does not hide its siblings and is told in `others`, while a failure that may pass (`retryable`) is thrown.
 * Attestations are left out: they describe an image and are none.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export async function resolveImages(
  readDocument: ReadDocument,
  root: RootDocument,
  reference: string,
  signal?: AbortSignal,
): Promise<Resolution> {
  const found: Found = { images: new Map(), others: [], seen: new Set([root.digest]) }
  const kind = documentKind(root.mediaType)
  refuseKind(kind, root.mediaType, `${reference}: ${root.digest}`)
  const bytes = root.bytes ?? (await read(readDocument, root, `${reference}: ${root.digest}`))
  await followDocument({ readDocument, reference, signal, found }, root, bytes, 0)
  return { images: [...found.images.values()].filter((image) => image !== undefined), others: found.others }
}

interface Found {
  /** In the order of the index; undefined until read. */
  readonly images: Map<Digest, ResolvedImage | undefined>
  readonly others: UnresolvedImage[]
  readonly seen: Set<Digest>
}

interface Walk {
  readonly readDocument: ReadDocument
  readonly reference: string
  readonly signal: AbortSignal | undefined
  readonly found: Found
  /** The outermost index. */
  readonly indexDigest?: Digest
}

async function followDocument(
  walk: Walk,
  document: RootDocument,
  bytes: Buffer,
  depth: number,
): Promise<void> {
  const what = `${walk.reference}: ${document.digest}`
  verifyContent(bytes, document.digest, what)
  const parsed = parseManifestDocument(bytes, document.mediaType, what)
  if (parsed.kind === 'manifest') {
    const image = await resolveManifest(walk, document, parsed.manifest, parsed.artifactType)
    walk.found.images.set(document.digest, image)
    return
  }
  if (depth >= maxDepth) {
    throw new SourceFault('malformed', `${what}: indexes are nested deeper than ${maxDepth}`)
  }
  if (parsed.index.manifests.length === 0) {
    throw new SourceFault('not-an-image', `${what}: the index lists no manifest`)
  }
  const below: Walk = { ...walk, indexDigest: walk.indexDigest ?? document.digest }
  await followEntries(below, parsed.index.manifests, depth)
}

async function followEntries(walk: Walk, entries: readonly Descriptor[], depth: number): Promise<void> {
  const pending = entries.filter((entry) => !isAttestation(entry) && !walk.found.seen.has(entry.digest))
  for (const entry of pending) {
    walk.found.seen.add(entry.digest)
    // Takes the entry's place, so that the order is the index's however reading goes.
    walk.found.images.set(entry.digest, undefined)
  }
  if (walk.found.seen.size > maxResolved) {
    throw new SourceFault(
      'malformed',
      `${walk.reference}: the index leads to more than ${maxResolved} manifests`,
    )
  }
  const faults: (UnresolvedImage | undefined)[] = []
  let next = 0
  async function work(): Promise<void> {
    try {
      while (next < pending.length) {
        const at = next++
        faults[at] = await followEntry(walk, pending[at], depth)
      }
    } catch (error) {
      next = pending.length
      throw error
    }
  }
  // All have to end before a failure is told: nothing is left reading behind the caller's back.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(concurrency, pending.length) }, work))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  for (const fault of faults) if (fault) walk.found.others.push(fault)
}

/** Answers what is wrong with the entry, if anything is. */
async function followEntry(
  walk: Walk,
  entry: Descriptor,
  depth: number,
): Promise<UnresolvedImage | undefined> {
  try {
    walk.signal?.throwIfAborted()
    refuseKind(documentKind(entry.mediaType), entry.mediaType, `${walk.reference}: ${entry.digest}`)
    const bytes = await read(walk.readDocument, entry, `${walk.reference}: ${entry.digest}`)
    await followDocument(walk, entry, bytes, depth + 1)
    return undefined
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable || walk.signal?.aborted) throw error
    return {
      reference: walk.reference,
      digest: entry.digest,
      ...(entry.platform ? { platform: formatPlatform(entry.platform) } : {}),
      code: unresolvedCode(error),
      message: error.message,
    }
  }
}

function unresolvedCode(fault: Fault): UnresolvedImage['code'] {
  if (fault.code === 'not-an-image') return 'not-an-image'
  return fault.code === 'unsupported' ? 'unsupported-media-type' : 'unreadable'
}

async function resolveManifest(
  walk: Walk,
  document: RootDocument,
  manifest: Manifest,
  artifactType: string | undefined,
): Promise<ResolvedImage> {
  const what = `${walk.reference}: ${document.digest}`
  const { mediaType, digest, size } = manifest.config
  const kind = configKind(mediaType)
  if (kind === 'other' || (kind === 'vague' && artifactType)) {
    throw new SourceFault(
      'not-an-image',
      `${what} is an artifact of type ${artifactType ?? mediaType}, no container image`,
    )
  }
  if (manifest.layers.length > 0 && !manifest.layers.some((layer) => isFilesystemLayer(layer.mediaType))) {
    const types = new Set(manifest.layers.map((layer) => layer.mediaType))
    throw new SourceFault(
      'not-an-image',
      `${what} holds ${[...types].slice(0, 3).join(', ')} and no file system`,
    )
  }
  const bytes = await read(walk.readDocument, { digest, mediaType, size }, `${what}: its config`)
  verifyContent(bytes, digest, `${what}: its config`)
  const config = withPlatform(parseImageConfig(bytes, `${what}: its config`), document.platform)
  if (config.rootfs.diffIds.length !== manifest.layers.length) {
    const counts = `${manifest.layers.length} layers but its config ${config.rootfs.diffIds.length} diff ids`
    throw new SourceFault('malformed', `${what}: the manifest has ${counts}`)
  }
  return {
    reference: walk.reference,
    manifestDigest: document.digest,
    ...(walk.indexDigest ? { indexDigest: walk.indexDigest } : {}),
    manifest,
    config,
  }
}

async function read(readDocument: ReadDocument, document: DocumentReference, what: string): Promise<Buffer> {
  const { size } = document
  if (size !== undefined && size > maxDocumentBytes) {
    throw new SourceFault('malformed', `${what} has ${size} bytes; at most ${maxDocumentBytes} are read`)
  }
  const bytes = await readDocument(document)
  if (size !== undefined && bytes.length !== size) {
    throw new SourceFault('malformed', `${what} has ${bytes.length} bytes where its descriptor says ${size}`)
  }
  return bytes
}

/** What the config does not say, the index may. */
function withPlatform(config: ImageConfig, platform: Descriptor['platform']): ImageConfig {
  if (!platform) return config
  const os = config.os === 'unknown' ? platform.os : config.os
  const architecture = config.architecture === 'unknown' ? platform.architecture : config.architecture
  const variant = config.variant ?? (architecture === platform.architecture ? platform.variant : undefined)
  return { ...config, os, architecture, ...(variant ? { variant } : {}) }
}

/**
 * BuildKit's attestations. The annotation alone does not hide an entry that claims a real platform, since a runtime would
 * run that one. https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
function isAttestation(entry: Descriptor): boolean {
  if (entry.annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest') return false
  return !entry.platform || (entry.platform.os === 'unknown' && entry.platform.architecture === 'unknown')
}

function refuseKind(
  kind: ReturnType<typeof documentKind>,
  mediaType: string | undefined,
  what: string,
): void {
  if (kind === 'schema1') {
    throw new SourceFault(
      'unsupported',
      `${what} is a Docker schema 1 manifest; push the image again with a current client`,
    )
  }
  if (kind === 'other') {
    const artifact = mediaType === 'application/vnd.oci.artifact.manifest.v1+json'
    if (artifact) throw new SourceFault('not-an-image', `${what} is an artifact manifest, no container image`)
    throw new SourceFault(
      'unsupported',
      `${what} has media type ${mediaType}, which is neither a manifest nor an index`,
    )
  }
}
