import type { AssessmentState, CpsRating, PackageType, Severity } from '@lanner/model'

/** Where a package or a detection lies in an image. */
export interface PolicyPlace {
  /** Without a leading slash. */
  readonly path: string
  /** Diff id of the layer; '' where it is not known. */
  readonly layer: string
  /** Whether that layer came with the base image; absent where the base image is not known. */
  readonly origin?: 'base' | 'own'
}

/** What policies can ask of a package. */
export interface PolicyPackage {
  readonly type: PackageType
  /** npm scope with its `@`, Maven group: as purl defines it. */
  readonly namespace?: string
  readonly name: string
  readonly version: string
  /** Package URL. */
  readonly purl: string
  /** Licence expressions or names as stated. */
  readonly licenses: readonly string[]
  readonly places: readonly PolicyPlace[]
}

/** What policies can ask of one vulnerability in one package. Suppressed findings are left out by whoever makes the facts. */
export interface PolicyFinding {
  /** The CVE where there is one, else the record's own id. */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  /** Index in the image's packages. */
  readonly package: number
  readonly verdict: 'affected' | 'unknown'
  readonly severity: Severity
  /** 0 to 10; absent where no record is scored. */
  readonly cvssScore?: number
  readonly cpsRating: CpsRating
  /** Probability of exploitation within 30 days, 0 to 1. */
  readonly epss?: number
  readonly exploited: boolean
  readonly fixAvailable: boolean
  /** Versions that end it, as advisories write them. */
  readonly fixedVersions?: readonly string[]
  /** When a fix became available, RFC 3339; absent where nobody says. */
  readonly fixedSince?: string
  /** RFC 3339. */
  readonly published?: string
}

/** A secret, malware or misconfiguration that was found in an image. */
export interface PolicyDetection {
  readonly id: string
  /** `secret`, `malware`, `misconfiguration`, `cis`. */
  readonly type: string
  readonly name: string
  readonly severity: Severity
  readonly places: readonly PolicyPlace[]
}

/** Everything that a policy can ask of one image. */
export interface ImagePolicyFacts {
  /** Host; '' for an image that was pushed to the platform itself. */
  readonly registry: string
  readonly repository: string
  readonly tag: string
  /** Digest of the image's manifest. */
  readonly digest: string
  /** Of the index that the image was chosen from. */
  readonly indexDigest?: string
  /** As lists show it: `Debian GNU 12`. */
  readonly baseOs?: string
  /** `ID` and `VERSION_ID` of its os-release: conditions on the base OS may also name these. */
  readonly distribution?: { readonly id: string; readonly version?: string }
  /** `amd64`, `arm64`. */
  readonly architecture?: string
  /** RFC 3339. */
  readonly created?: string
  /** Of an image that is assessed; the others only where it is judged by its name and state alone. */
  readonly assessment: AssessmentState | 'pending' | 'unknown'
  /** Absent where the config says nothing that can be read. */
  readonly runsAsRoot?: boolean
  /** Set only where a signature could be verified, or verified to be missing. */
  readonly signed?: boolean
  readonly packages: readonly PolicyPackage[]
  readonly findings: readonly PolicyFinding[]
  readonly detections: readonly PolicyDetection[]
}
