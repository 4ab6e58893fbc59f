import { type Distribution, Fault, type PackageFacts } from '@lanner/model'
import type { Bytes } from './bytes.ts'

/**
 * Why a file could not be read, or only in part. The core records it beside what was yielded before it was thrown, and
 * the image counts as partially assessed: a broken file never fails a scan and never passes as empty.
 */
export class ExtractFault extends Fault<
  'malformed' | 'truncated' | 'limit-exceeded' | 'not-retained' | 'unsupported'
> {
  /** Of `not-retained`: what was asked for. A further reading of the layer keeps it, where the bounds allow. */
  readonly missing: ByteRange | undefined

  constructor(
    code: ExtractFault['code'],
    message: string,
    options: { cause?: unknown; missing?: ByteRange } = {},
  ) {
    super(code, message, options)
    this.missing = options.missing
  }
}

/** Bytes `start` to `end` (exclusive) of a file. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Which files an extractor asks for, as data: one matcher is compiled for all, and the support table prints itself. */
export interface Wants {
  /**
   * Paths without a leading slash. `*` stands for anything but a slash, a leading `**` + `/` for any folders.
   * `var/lib/dpkg/status`, `var/lib/dpkg/info/*.list`, `**` + `/node_modules/**` + `/package.json`, `**` + `/*.jar`.
   */
  readonly paths?: readonly string[]
  /** Every regular file that begins with an ELF, PE (MZ) or Mach-O magic, whatever its name or mode. */
  readonly executables?: boolean
  /**
   * For files above `maxBytes`: byte patterns whose surroundings stay retained (1 MiB from each of the first hits),
   * beside the first and the last mebibytes. What is asked for beyond them (`not-retained`) is retained by a further
   * reading of the layer. Without anchors a file above the bound is not handed over, and the image is partially assessed.
   */
  readonly anchors?: readonly Buffer[]
}

/** One regular file of a layer. */
export interface LayerFile {
  /** Clean path without a leading slash; always `/` between parts; never `..`. */
  readonly path: string
  /** Size in bytes. */
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  readonly bytes: Bytes
}

/** A package is there. */
export interface PackageObservation extends PackageFacts {
  readonly kind: 'package'
}

/** The files that an operating-system package brought. The core keeps only the paths that some extractor wants. */
export interface OwnershipObservation {
  readonly kind: 'ownership'
  /** Name of the owning package, as its PackageObservation has it. */
  readonly owner: string
  /** Paths with or without a leading slash. */
  readonly paths: Iterable<string>
}

/** Licences that a file beside the package database states for an operating-system package. */
export interface LicenseObservation {
  readonly kind: 'licenses'
  /** Name of the package, as its PackageObservation has it. */
  readonly owner: string
  /** Expressions or names as stated. */
  readonly licenses: readonly string[]
}

export interface DistributionObservation {
  readonly kind: 'distribution'
  readonly distribution: Omit<Distribution, 'path'>
}

/**
 * Facts about the image's repositories, for matching (Red Hat content sets as CPEs).
 * Kept per layer, merged in the assembly.
 */
export interface RepositoryObservation {
  readonly kind: 'repositories'
  readonly cpes: readonly string[]
}

/** Something was there that could not be read in full; what else was yielded stays valid. */
export interface ProblemObservation {
  readonly kind: 'problem'
  readonly code: ExtractFault['code']
  readonly message: string
  readonly inner?: string
}

/** Whatever a file may say. */
export type Observation =
  | PackageObservation
  | OwnershipObservation
  | LicenseObservation
  | DistributionObservation
  | RepositoryObservation
  | ProblemObservation

/**
 * One parsing logic: two questions (do you want this file, what is in it) and nothing else. An extractor never sees a
 * disk, a network, a clock or a logger, keeps no state between files, and does not decide which distribution it is in.
 */
export interface Extractor {
  /** Folder of the extractor: `os/apk`, `language/node/package-json`, `binary/go`. */
  readonly id: string
  /** Raised whenever output changes: layers read by an older revision are read again. */
  readonly revision: number
  /** What it finds, for the support table: `packages installed by apk (Alpine, Wolfi, Chainguard)`. */
  readonly finds: string
  readonly wants: Wants
  /** Largest file that is retained whole, in bytes. */
  readonly maxBytes: number
  /** Yields what the file says; throws ExtractFault (or anything) when it cannot go on. */
  extract(file: LayerFile): Iterable<Observation>
}

/** Checks nothing at run time: it fixes the type and marks the definition. */
export function defineExtractor(extractor: Extractor): Extractor {
  return extractor
}

export const MiB = 1024 * 1024
