import { isDigit, isLetter } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** `[epoch:]upstream[-revision]`, split as deb-version(7) says: at the first colon and at the last hyphen. */
export interface DebianVersion {
  readonly epoch: number
  readonly upstream: string
  /** Empty where there is none, which compares like `0`. */
  readonly revision: string
}

const colon = 0x3a
const tilde = 0x7e
/** dpkg keeps epochs in a C int and refuses larger ones. */
const largestEpoch = 2_147_483_647

export const deb = defineScheme<DebianVersion>({
  id: 'deb',
  label: 'Debian',
  spec: 'https://manpages.debian.org/stable/dpkg-dev/deb-version.7.en.html',
  parse(text) {
    const epochEnd = text.indexOf(':')
    const epoch = epochEnd < 0 ? 0 : parseEpoch(text, epochEnd)
    if (epoch === undefined) return undefined
    const hyphen = text.lastIndexOf('-')
    const upstreamEnd = hyphen > epochEnd ? hyphen : text.length
    const upstream = text.slice(epochEnd + 1, upstreamEnd)
    const revision = text.slice(upstreamEnd + 1)
    if (!isUpstream(upstream) || !isRevision(revision)) return undefined
    if (revision === '' && upstreamEnd < text.length) return undefined
    return { epoch, upstream, revision }
  },
  compare(a, b) {
    return a.epoch - b.epoch || compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
  },
})

function parseEpoch(text: string, end: number): number | undefined {
  let epoch = 0
  for (let at = 0; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (!isDigit(unit)) return undefined
    epoch = epoch * 10 + unit - 0x30
    if (epoch > largestEpoch) return undefined
  }
  return end === 0 ? undefined : epoch
}

// Policy says that the upstream version should start with a digit; dpkg installs those that do not, so they count.
function isUpstream(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (!isRevisionUnit(unit) && unit !== 0x2d && unit !== colon) return false
  }
  return text !== ''
}

function isRevision(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isRevisionUnit(text.charCodeAt(at))) return false
  return true
}

function isRevisionUnit(unit: number): boolean {
  return isDigit(unit) || isLetter(unit) || unit === 0x2e || unit === 0x2b || unit === tilde
}

/**
 * Runs of non-digits and of digits in turn: the first by a modified ASCII order in which `~` comes before the end and
 * letters before everything else, the second as numbers of any length.
 */
export function compareParts(a: string, b: string): number {
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    for (;;) {
      const x = a.charCodeAt(i)
      const y = b.charCodeAt(j)
      const ended = (i >= a.length || isDigit(x)) && (j >= b.length || isDigit(y))
      if (ended) break
      const difference = weight(x) - weight(y)
      if (difference !== 0) return difference
      i++
      j++
    }
    while (a.charCodeAt(i) === 0x30) i++
    while (b.charCodeAt(j) === 0x30) j++
    let firstDifference = 0
    for (;;) {
      const x = a.charCodeAt(i)
      const y = b.charCodeAt(j)
      if (!isDigit(x) || !isDigit(y)) {
        if (isDigit(x)) return 1
        if (isDigit(y)) return -1
        break
      }
      if (firstDifference === 0) firstDifference = x - y
      i++
      j++
    }
    if (firstDifference !== 0) return firstDifference
  }
  return 0
}

/** Place of a unit in the order of non-digits; a digit and the end (NaN) both stand where a run of non-digits is over. */
function weight(unit: number): number {
  if (unit === tilde) return -1
  if (isLetter(unit)) return unit
  return isDigit(unit) || Number.isNaN(unit) ? 0 : unit + 256
}
