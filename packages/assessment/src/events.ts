import type { Digest, Platform } from '@lanner/model'

/** What an assessment tells while it works, in order; sizes in bytes, times in milliseconds. */
export type AssessmentEvent =
  | { readonly kind: 'resolved'; readonly reference: string; readonly images: number }
  | {
      readonly kind: 'image'
      readonly reference: string
      readonly platform: Platform
      readonly manifestDigest: Digest
      readonly layers: number
      readonly size: number
    }
  | {
      readonly kind: 'layer'
      readonly index: number
      readonly of: number
      readonly digest: Digest
      readonly size: number
    }
  | {
      readonly kind: 'layer-progress'
      readonly index: number
      readonly of: number
      readonly digest: Digest
      readonly size: number
      readonly read: number
    }
  | {
      readonly kind: 'layer-done'
      readonly index: number
      readonly of: number
      readonly digest: Digest
      readonly size: number
      readonly inflatedSize: number
      readonly packages: number
      readonly cached: boolean
      readonly took: number
    }
  | { readonly kind: 'matched'; readonly packages: number; readonly findings: number; readonly took: number }
  | { readonly kind: 'warning'; readonly message: string }
