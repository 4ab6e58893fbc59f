import { createHash } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { Digest } from '@lanner/model'
import { type TarMember, tar, tarHeader } from './tar.ts'

/** What a path holds: content, a directory (null), or a link. */
export type LayerFile =
  | string
  | Uint8Array
  | null
  | { readonly link: string }
  | { readonly hardlink: string }
  | { readonly content: string | Uint8Array; readonly mode: number }

/** Paths in the order they are stored. */
export type LayerFiles = Readonly<Record<string, LayerFile>>

/** How a layer is stored. */
export type Compression = 'gzip' | 'zstd' | 'none'

/**
 * A deliberate lie or damage: the manifest's `digest` or `size` is not the blob's, the config's `diff-id` is not the tar's,
 * or the blob (`truncated-blob`) or the tar in it (`truncated-tar`) ends early although all digests are right.
 */
export type LayerDamage = 'digest' | 'size' | 'diff-id' | 'truncated-blob' | 'truncated-tar'

/** How a manifest or an index refers to something that was built. */
export interface BuiltDescriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string }
}

/** A layer, as stored and as the tar inside. */
export interface BuiltLayer {
  readonly descriptor: BuiltDescriptor
  readonly diffId: Digest
  /** As stored. */
  readonly bytes: Buffer
  readonly tar: Buffer
  readonly compression: Compression
}

/** An image with all its bytes in memory. */
export interface BuiltImage {
  /** Of the manifest. */
  readonly digest: Digest
  /** Of the manifest, with the platform. */
  readonly descriptor: BuiltDescriptor
  readonly manifest: Buffer
  readonly config: Buffer
  readonly configDigest: Digest
  readonly layers: readonly BuiltLayer[]
  /** Everything that belongs to it, by digest. */
  readonly blobs: ReadonlyMap<Digest, Buffer>
}

/** An index over images, with all their bytes in memory. */
export interface BuiltIndex {
  readonly digest: Digest
  readonly descriptor: BuiltDescriptor
  readonly bytes: Buffer
  readonly blobs: ReadonlyMap<Digest, Buffer>
}

const noDigest = `sha256:${'0'.repeat(63)}1` as Digest

const layerSuffix = { gzip: '+gzip', zstd: '+zstd', none: '' } as const

/** A layer of the files, gzip unless said otherwise. */
export function layer(
  files: LayerFiles | readonly TarMember[],
  options: { readonly compression?: Compression; readonly damage?: LayerDamage } = {},
): BuiltLayer {
  const { compression = 'gzip', damage } = options
  const members = Array.isArray(files) ? (files as readonly TarMember[]) : membersOf(files as LayerFiles)
  const whole = tar(members)
  const archive = damage === 'truncated-tar' ? endedEarly(whole) : whole
  const stored = compress(archive, compression)
  const bytes = damage === 'truncated-blob' ? stored.subarray(0, stored.length >> 1) : stored
  return {
    descriptor: {
      mediaType: `application/vnd.oci.image.layer.v1.tar${layerSuffix[compression]}`,
      digest: damage === 'digest' ? noDigest : digestOf(bytes),
      size: bytes.length + (damage === 'size' ? 1 : 0),
    },
    diffId: damage === 'diff-id' ? noDigest : digestOf(archive),
    bytes,
    tar: archive,
    compression,
  }
}

/** An image of the layers, base first. `config` is merged over the config that follows from them. */
export function image(options: {
  readonly layers: readonly (BuiltLayer | LayerFiles)[]
  readonly config?: Readonly<Record<string, unknown>>
  /** `linux/amd64` unless said otherwise. */
  readonly platform?: string
  readonly annotations?: Readonly<Record<string, string>>
}): BuiltImage {
  const layers = options.layers.map((each) => (isBuilt(each) ? each : layer(each)))
  const [os, architecture, variant] = (options.platform ?? 'linux/amd64').split('/')
  const platform = { os, architecture, ...(variant ? { variant } : {}) }
  const config = json({
    created: '2024-01-01T00:00:00Z',
    ...platform,
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map((each) => each.diffId) },
    history: layers.map((_, at) => ({ created: '2024-01-01T00:00:00Z', created_by: `layer ${at}` })),
    ...options.config,
  })
  const configDigest = digestOf(config)
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: configDigest,
      size: config.length,
    },
    layers: layers.map((each) => each.descriptor),
    ...(options.annotations ? { annotations: options.annotations } : {}),
  })
  const digest = digestOf(manifest)
  return {
    digest,
    descriptor: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: manifest.length,
      platform,
    },
    manifest,
    config,
    configDigest,
    layers,
    blobs: new Map([
      ...layers.map((each) => [each.descriptor.digest, each.bytes] as const),
      [configDigest, config],
      [digest, manifest],
    ]),
  }
}

/** An index of images and indexes. `attestation` adds an entry such as BuildKit writes for the first image. */
export function index(
  images: readonly (BuiltImage | BuiltIndex)[],
  options: { readonly attestation?: boolean } = {},
): BuiltIndex {
  const blobs = new Map<Digest, Buffer>()
  for (const each of images) for (const [digest, bytes] of each.blobs) blobs.set(digest, bytes)
  const manifests = images.map((each) => each.descriptor)
  if (options.attestation && images.length > 0) manifests.push(addAttestation(blobs, images[0].digest))
  const bytes = json({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests })
  const digest = digestOf(bytes)
  blobs.set(digest, bytes)
  return {
    digest,
    descriptor: { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: bytes.length },
    bytes,
    blobs,
  }
}

/** https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
function addAttestation(blobs: Map<Digest, Buffer>, subject: Digest): BuiltDescriptor {
  const statement = json({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://spdx.dev/Document',
  })
  const config = json({
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(statement)] },
  })
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      { mediaType: 'application/vnd.in-toto+json', digest: digestOf(statement), size: statement.length },
    ],
  })
  for (const bytes of [statement, config, manifest]) blobs.set(digestOf(bytes), bytes)
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digestOf(manifest),
    size: manifest.length,
    annotations: {
      'vnd.docker.reference.digest': subject,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: { os: 'unknown', architecture: 'unknown' },
  }
}

/** The sha256 digest of bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** The archive goes on with an entry of 1,000 bytes and ends after 100 of them. */
function endedEarly(whole: Buffer): Buffer {
  const marker = 1024
  return Buffer.concat([
    whole.subarray(0, whole.length - marker),
    tarHeader('cut', '0', 1000),
    Buffer.alloc(100),
  ])
}

function compress(bytes: Buffer, compression: Compression): Buffer {
  if (compression === 'none') return bytes
  return compression === 'gzip' ? gzipSync(bytes) : zstdCompressSync(bytes)
}

function membersOf(files: LayerFiles): TarMember[] {
  return Object.entries(files).map(([path, file]): TarMember => {
    if (file === null) return { path: path.endsWith('/') ? path : `${path}/`, type: 'directory' }
    if (typeof file === 'string' || file instanceof Uint8Array) return { path, content: file }
    if ('link' in file) return { path, type: 'symlink', link: file.link, mode: 0o777 }
    if ('hardlink' in file) return { path, type: 'hardlink', link: file.hardlink }
    return { path, content: file.content, mode: file.mode }
  })
}

function isBuilt(candidate: BuiltLayer | LayerFiles): candidate is BuiltLayer {
  return 'diffId' in candidate && 'descriptor' in candidate
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
