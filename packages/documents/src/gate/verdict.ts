import type { Severity } from '@lanner/model'

/** A vulnerability in one package, as the platform's verdict tells of it. */
export interface GateVulnerability {
  readonly vulnerability: string
  readonly severity: Severity
  readonly exploited: boolean
  readonly fixed_versions: readonly string[]
  readonly package: string
  readonly version: string
  readonly package_type: string
  readonly paths: readonly string[]
}

export interface GatePackage {
  readonly package: string
  readonly version: string
  readonly package_type: string
  readonly licenses: readonly string[]
  readonly paths: readonly string[]
}

export interface GateDetection {
  readonly type: string
  readonly name: string
  readonly severity: Severity
  readonly paths: readonly string[]
}

/** What took something away that would have counted. */
export interface GateExclusion {
  readonly exclusion: {
    readonly description: string
    readonly author: string
    /** RFC 3339; null: no end. */
    readonly expires_at: string | null
  }
}

export interface GateTotals {
  readonly vulnerabilities: number
  readonly packages: number
  readonly detections: number
}

/** The platform's verdict on one image, as it answers with it; only what documents tell of it. */
export interface GateVerdict {
  readonly state: 'assessed' | 'partially' | 'unknown' | 'pending' | 'not_assessable'
  readonly reason: string
  readonly image: { readonly image_digest: string; readonly architecture: string } | null
  readonly action: 'allow' | 'alert' | 'block' | null
  readonly policy: { readonly name: string; readonly is_default: boolean } | null
  readonly group: { readonly name: string } | null
  readonly rules: readonly {
    readonly index: number
    readonly action: string
    readonly conditions: readonly { readonly prop: string; readonly op: string; readonly value?: unknown }[]
  }[]
  readonly matched: {
    readonly vulnerabilities: readonly GateVulnerability[]
    readonly packages: readonly GatePackage[]
    readonly detections: readonly GateDetection[]
    readonly base_os: readonly string[]
    readonly totals: GateTotals
  }
  readonly excluded: {
    readonly vulnerabilities: readonly (GateVulnerability & GateExclusion)[]
    readonly packages: readonly (GatePackage & GateExclusion)[]
    readonly detections: readonly (GateDetection & GateExclusion)[]
    readonly totals: GateTotals
  }
  readonly evaluated_at: string
  readonly valid_until: string | null
}

/** What a gate found out, for documents. */
export interface GateReport {
  readonly tool: { readonly name: string; readonly version: string }
  /** The image as it was asked for. */
  readonly subject: string
  /** `undecided`: nobody can say whether it may pass, and `reason` says why not. */
  readonly result: 'pass' | 'deny' | 'undecided'
  /** What else has to be said of the result; '' where there is nothing. */
  readonly reason: string
  /** Absent where none could be had. */
  readonly verdict?: GateVerdict
}
