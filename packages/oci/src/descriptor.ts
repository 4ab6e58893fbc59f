import type { Digest } from '@lanner/model'

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly platform?: {
    readonly os: string
    readonly architecture: string
    readonly variant?: string
    readonly 'os.version'?: string
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md, Docker's schema 2 alike. */
export interface Manifest {
  readonly mediaType: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>>
}

/** The parts of https://github.com/opencontainers/image-spec/blob/main/config.md that we use. */
export interface ImageConfig {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly created?: string
  readonly rootfs: { readonly diffIds: readonly Digest[] }
  readonly history: readonly { readonly createdBy?: string; readonly emptyLayer?: boolean }[]
  readonly config: {
    readonly user?: string
    readonly entrypoint?: readonly string[]
    readonly command?: readonly string[]
    readonly labels: Readonly<Record<string, string>>
  }
}

/** One image of a source, resolved: its manifest and config have been read and their digests verified. */
export interface ResolvedImage {
  /** As asked for. */
  readonly reference: string
  readonly manifestDigest: Digest
  readonly indexDigest?: Digest
  readonly manifest: Manifest
  readonly config: ImageConfig
}

/** What an index holds that is no image, or an image that could not be read: shown, never dropped in silence. */
export interface UnresolvedImage {
  readonly reference: string
  readonly digest?: Digest
  readonly platform?: string
  readonly code: 'not-an-image' | 'unsupported-media-type' | 'unreadable'
  readonly message: string
}

/**
 * Where images come from: a registry, a layout folder, an archive. All of them verify the digest of whatever they return
 * as JSON; `blob` streams unverified bytes, which `readLayer` verifies.
 */
export interface ImageSource {
  /** As asked for: `docker.io/library/debian:12`, `oci:path:tag`. */
  readonly reference: string
  /** The images behind the reference: one for a manifest, one per platform for an index (attestations left out). */
  resolve(
    signal?: AbortSignal,
  ): Promise<{ readonly images: readonly ResolvedImage[]; readonly others: readonly UnresolvedImage[] }>
  /** The bytes of a blob from `offset` on. Retries and resumes by itself where that can help. */
  blob(
    descriptor: Descriptor,
    options?: { readonly offset?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<Buffer>
  close(): Promise<void>
}
