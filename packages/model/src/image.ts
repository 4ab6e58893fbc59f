import type { Digest } from './digest.ts'
import type { Distribution } from './distribution.ts'
import type { Platform } from './platform.ts'

/** A layer of an image, base first. */
export interface LayerFacts {
  readonly index: number
  /** Digest of the blob as stored (compressed). */
  readonly digest: Digest
  /** Digest of the tar inside, verified by our own inflation. */
  readonly diffId: Digest
  readonly mediaType: string
  /** Bytes as stored, and inflated. */
  readonly size: number
  readonly inflatedSize: number
  readonly entries: number
  /** The history line that made it. */
  readonly createdBy?: string
}

/** What the manifest and the config say of one image, plus what we read. */
export interface ImageFacts {
  /** As asked for: `docker.io/library/debian:12`, `oci:path:tag`. */
  readonly reference: string
  readonly manifestDigest: Digest
  readonly configDigest: Digest
  /** The index the manifest was chosen from. */
  readonly indexDigest?: Digest
  readonly platform: Platform
  readonly created?: string
  readonly layers: readonly LayerFacts[]
  readonly distribution?: Distribution
  readonly labels: Readonly<Record<string, string>>
  readonly user?: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
}

/** Whether, and how completely, an image could be assessed. Neither of the last two is ever "clean". */
export type AssessmentState = 'assessed' | 'partially' | 'not_assessable'

/** Why an image is not, or only partially, assessed. */
export interface AssessmentReason {
  readonly code:
    | 'no-advisories'
    | 'no-feed'
    | 'stale-feed'
    | 'unknown-distribution'
    | 'no-distribution'
    | 'end-of-life'
    | 'unreadable-evidence'
    | 'limit-exceeded'
    | 'unreadable-layer'
    | 'unsupported-media-type'
    | 'unknown-versions'
  /** A sentence for people: what was attempted, on what. */
  readonly message: string
  readonly path?: string
  /** A remark that does not lower the state. */
  readonly informational?: boolean
}
