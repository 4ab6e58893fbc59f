/**
 * Package types: the purl type of everything that the inventory can hold.
 * https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst
 */
export const packageTypes = [
  'deb',
  'rpm',
  'apk',
  'alpm',
  'opkg',
  'npm',
  'pypi',
  'gem',
  'maven',
  'golang',
  'cargo',
  'composer',
  'nuget',
  'hex',
  'pub',
  'conda',
  'cran',
  'hackage',
  'swift',
  'julia',
  'opam',
  'bitnami',
  'generic',
] as const
/** One of `packageTypes`. */
export type PackageType = (typeof packageTypes)[number]

/** The types whose packages belong to a distribution (their namespace, feeds and version order follow from it). */
export const distributionTypes: ReadonlySet<PackageType> = new Set<PackageType>([
  'deb',
  'rpm',
  'apk',
  'alpm',
  'opkg',
])

/**
 * How sure we are that this package is there in this version.
 * `declared`: a package database or a tool-written manifest says so. `embedded`: the artifact carries it (build info,
 * pom.properties). `inferred`: from a file name or a manifest without an identity. `matched`: a version string in a binary.
 */
export type Confidence = 'declared' | 'embedded' | 'inferred' | 'matched'

/** What an extractor reads about one package: what the file says, without any knowledge of distribution or layer. */
export interface PackageFacts {
  readonly type: PackageType
  /** npm scope with its `@`, Maven group, composer vendor, Go path up to the last slash: as purl defines it for the type. */
  readonly namespace?: string
  readonly name: string
  /** As the ecosystem's own tool prints it; for rpm `epoch:version-release`, the epoch left out when absent or 0. */
  readonly version: string
  /** The architecture in the database's own words (`amd64`, `x86_64`, `all`, `noarch`). */
  readonly arch?: string
  /** The source package that this one was built from; its version only where it differs or is stated. */
  readonly source?: { readonly name: string; readonly version?: string }
  /** Licence expressions or names as stated, in the order stated. */
  readonly licenses?: readonly string[]
  /** rpm MODULARITYLABEL as `name:stream:version:context`. */
  readonly module?: string
  /** Who packaged it (deb Maintainer, rpm Vendor): third-party packages are not covered by a distribution's feed. */
  readonly vendor?: string
  /** Extra purl qualifiers (`distro` and `arch` are added by us, not here). */
  readonly qualifiers?: Readonly<Record<string, string>>
  readonly subpath?: string
  readonly confidence: Confidence
  /** Inside the evidence file where that is a container: `BOOT-INF/lib/a.jar!META-INF/…`; absent otherwise. */
  readonly inner?: string
  /** A dependency that is only needed to develop or test. */
  readonly development?: boolean
}

/** Where a package was found. */
export interface PackageLocation {
  /** The evidence file, without a leading slash; nested containers after `!`. */
  readonly path: string
  /** Diff id of the layer that brought this package in this version; '' where a bill of materials names none. */
  readonly layer: string
  /** Index of that layer, counted from the base (0); -1 where it is not known. */
  readonly layerIndex: number
  /** Id of the extractor that read it (`os/dpkg`); `document/…` for what a bill of materials lists. */
  readonly extractor: string
}

/** One package of an image, as assembled from its layers. */
export interface Package extends PackageFacts {
  readonly purl: string
  /** Every place this same package (by purl) was found. */
  readonly locations: readonly PackageLocation[]
  /** purl of the operating-system package that owns the evidence file. */
  readonly owner?: string
}
