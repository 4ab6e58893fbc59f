import type { Digest } from '@lanner/model'

/** Bounds on one layer; exceeding one is a LayerFault `limit-exceeded` that names it. */
export interface LayerLimits {
  /** Inflated bytes. Default 64 GiB. */
  readonly maxBytes: number
  /** Inflated bytes per stored byte once 64 MiB were inflated. Default 1,000. */
  readonly maxRatio: number
  /** Entries. Default 5,000,000. */
  readonly maxEntries: number
}

/** What reading a layer established. */
export interface LayerReading {
  /** Digest of the stored bytes, verified against the descriptor. */
  readonly digest: Digest
  /** sha256 of the inflated bytes, verified against the config where it names one. */
  readonly diffId: Digest
  readonly compression: 'gzip' | 'zstd' | 'none'
  readonly size: number
  readonly inflatedSize: number
  readonly entries: number
}
