import { createHash } from 'node:crypto'

/** A manifest or an index, as pushed. */
export interface FakeManifest {
  readonly mediaType: string
  readonly bytes: Buffer
}

/** One repository. Manifests lie under their digests and tags, blobs under their digests. */
export interface FakeRepository {
  readonly manifests: Map<string, FakeManifest>
  readonly blobs: Map<string, Buffer>
}

/** Media type of an OCI image manifest. */
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
/** Media type of an OCI index. */
export const ociIndex = 'application/vnd.oci.image.index.v1+json'

/** The digest of bytes, as text. */
export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** A repository to push into. */
export function emptyRepository(): FakeRepository {
  return { manifests: new Map(), blobs: new Map() }
}

/** Keeps a document under its digest and under the tags; returns its descriptor. */
export function pushManifest(
  repository: FakeRepository,
  document: object | Buffer,
  options: { readonly mediaType?: string; readonly tags?: readonly string[] } = {},
): { mediaType: string; digest: string; size: number } {
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document))
  const mediaType = options.mediaType ?? ociManifest
  const digest = sha256(bytes)
  for (const name of [digest, ...(options.tags ?? [])]) repository.manifests.set(name, { mediaType, bytes })
  return { mediaType, digest, size: bytes.length }
}

/** Keeps bytes under their digest; returns their descriptor. */
export function pushBlob(
  repository: FakeRepository,
  bytes: Buffer,
  mediaType: string,
): { mediaType: string; digest: string; size: number } {
  const digest = sha256(bytes)
  repository.blobs.set(digest, bytes)
  return { mediaType, digest, size: bytes.length }
}

/** An image whose layers are the given uncompressed tar files. */
export function pushImage(
  repository: FakeRepository,
  layers: readonly Buffer[],
  options: {
    readonly architecture?: string
    readonly tags?: readonly string[]
    readonly config?: object
  } = {},
): { mediaType: string; digest: string; size: number } {
  const config = {
    os: 'linux',
    architecture: options.architecture ?? 'amd64',
    rootfs: { type: 'layers', diff_ids: layers.map(sha256) },
    ...options.config,
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: pushBlob(
      repository,
      Buffer.from(JSON.stringify(config)),
      'application/vnd.oci.image.config.v1+json',
    ),
    layers: layers.map((layer) => pushBlob(repository, layer, 'application/vnd.oci.image.layer.v1.tar')),
  }
  return pushManifest(repository, manifest, { tags: options.tags })
}
