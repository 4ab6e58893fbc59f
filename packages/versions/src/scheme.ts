/** Every version scheme, by the package format or registry whose rules it follows. */
export type SchemeId =
  | 'apk'
  | 'bitnami'
  | 'cargo'
  | 'composer'
  | 'conda'
  | 'cran'
  | 'deb'
  | 'gem'
  | 'go'
  | 'go-toolchain'
  | 'hackage'
  | 'hex'
  | 'julia'
  | 'maven'
  | 'npm'
  | 'nuget'
  | 'opam'
  | 'pacman'
  | 'pep440'
  | 'pub'
  | 'rpm'
  | 'semver'

/**
 * How one ecosystem orders its versions: a value with two functions. Parsing is the only place where text is judged,
 * so that a version that is compared with many is read once.
 */
export interface Scheme<V = unknown> {
  readonly id: SchemeId
  /** For people: `Debian`, `Python (PEP 440)`. */
  readonly label: string
  /** Address of the document (or the reference implementation) that the scheme follows. */
  readonly spec: string
  /** The parsed version, or undefined when the text is no version of this scheme. Linear in the length of the text. */
  parse(text: string): V | undefined
  /** Below zero when `a` comes first, above zero when `b` does, zero when neither does. */
  compare(a: V, b: V): number
}

/** Longest text that is read as a version, in UTF-16 units; what is longer is no version anybody wrote. */
export const longestVersion = 512

/** Fixes the type and puts the bounds on what `parse` sees: it is never called with an empty or an overlong text. */
export function defineScheme<V>(scheme: Scheme<V>): Scheme<V> {
  return Object.freeze({
    ...scheme,
    parse(text: string): V | undefined {
      return text.length === 0 || text.length > longestVersion ? undefined : scheme.parse(text)
    },
  })
}
