import {
  compareNaturals,
  compareTexts,
  endOfDigits,
  isDigit,
  isLetter,
  type Natural,
  natural,
} from './natural.ts'

/** A dot-separated identifier of a pre-release or a build: a number, or a text with at least one non-digit. */
export type Identifier = Natural | string

/** `1.2.3-rc.1+build.5` in its parts. https://semver.org/spec/v2.0.0.html */
export interface SemanticVersion {
  /** The dotted numbers, most significant first; missing ones count as zero. */
  readonly numbers: readonly Natural[]
  /** What follows the hyphen; empty for a release. */
  readonly preRelease: readonly Identifier[]
  /** What follows the plus sign. */
  readonly build: readonly Identifier[]
}

/** Where the ecosystems that say "semantic version" differ in what they accept. */
export interface SemanticGrammar {
  /** Most dotted numbers; fewer are always accepted, as advisories shorten `1.2.0` to `1.2`. */
  readonly numbers: 3 | 4
  /** Fewer than three numbers may carry a pre-release or a build (`1.2-rc.1`); otherwise that is no version, as in Go. */
  readonly shortPreRelease?: boolean
  /** One `v` or `V` in front is passed over. */
  readonly leadingV?: boolean
  /** `1.02.3` and `1.2.3-01` are read as numbers; otherwise they are no versions. */
  readonly leadingZeros?: boolean
  /** `1.2.3beta` is read as `1.2.3-beta`. */
  readonly gluedPreRelease?: boolean
  /** Letters of identifiers do not differ by case. */
  readonly foldCase?: boolean
}

const none: readonly Identifier[] = []
const dot = 0x2e
const hyphen = 0x2d
const zero = 0x30

/** The version that `text` spells from `start` on, or undefined. */
export function parseSemanticVersion(
  text: string,
  grammar: SemanticGrammar,
  start = 0,
): SemanticVersion | undefined {
  let at = start
  if (grammar.leadingV && (text.charCodeAt(at) | 0x20) === 0x76) at++
  const numbers: Natural[] = []
  for (;;) {
    const end = endOfDigits(text, at)
    if (end === at) return undefined
    if (!grammar.leadingZeros && end > at + 1 && text.charCodeAt(at) === zero) return undefined
    numbers.push(natural(text, at, end))
    at = end
    if (numbers.length === grammar.numbers || text.charCodeAt(at) !== dot) break
    at++
  }
  if (at === text.length) return { numbers, preRelease: none, build: none }
  if (numbers.length < 3 && !grammar.shortPreRelease) return undefined

  const buildStart = text.indexOf('+', at)
  const preReleaseEnd = buildStart < 0 ? text.length : buildStart
  let preRelease = none
  if (at < preReleaseEnd) {
    const hyphenated = text.charCodeAt(at) === hyphen
    if (!hyphenated && !grammar.gluedPreRelease) return undefined
    const identifiers = parseIdentifiers(text, hyphenated ? at + 1 : at, preReleaseEnd, grammar)
    if (identifiers === undefined) return undefined
    preRelease = identifiers
  }
  if (buildStart < 0) return { numbers, preRelease, build: none }
  const build = parseIdentifiers(text, buildStart + 1, text.length, { ...grammar, leadingZeros: true })
  return build && { numbers, preRelease, build }
}

/** Order by numbers and pre-release; build metadata has no say (section 10 and 11 of the specification). */
export function compareSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  const length = Math.max(a.numbers.length, b.numbers.length)
  for (let index = 0; index < length; index++) {
    const left = a.numbers[index] ?? 0
    const right = b.numbers[index] ?? 0
    if (left < right) return -1
    if (left > right) return 1
  }
  if (a.preRelease.length === 0 || b.preRelease.length === 0) return b.preRelease.length - a.preRelease.length
  return compareIdentifiers(a.preRelease, b.preRelease)
}

/** Numbers before texts, numbers by value, texts by ASCII order, and the shorter list first where one begins the other. */
export function compareIdentifiers(a: readonly Identifier[], b: readonly Identifier[]): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const comparison = compareIdentifier(a[index], b[index])
    if (comparison !== 0) return comparison
  }
  return a.length - b.length
}

function compareIdentifier(a: Identifier, b: Identifier): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : 1
  return typeof b === 'string' ? -1 : compareNaturals(a, b)
}

function parseIdentifiers(
  text: string,
  start: number,
  end: number,
  grammar: Pick<SemanticGrammar, 'leadingZeros' | 'foldCase'>,
): readonly Identifier[] | undefined {
  const identifiers: Identifier[] = []
  let from = start
  let numeric = true
  for (let at = start; at <= end; at++) {
    const unit = at === end ? dot : text.charCodeAt(at)
    if (unit !== dot) {
      if (isDigit(unit)) continue
      if (!isLetter(unit) && unit !== hyphen) return undefined
      numeric = false
      continue
    }
    if (at === from) return undefined
    if (!numeric) {
      const word = text.slice(from, at)
      identifiers.push(grammar.foldCase ? word.toLowerCase() : word)
    } else {
      if (!grammar.leadingZeros && at > from + 1 && text.charCodeAt(from) === zero) return undefined
      identifiers.push(natural(text, from, at))
    }
    from = at + 1
    numeric = true
  }
  return identifiers
}
