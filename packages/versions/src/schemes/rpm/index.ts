import {
  compareDigitRuns,
  compareTexts,
  endOfDigits,
  endOfLetters,
  isDigit,
  isLetter,
} from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** `[epoch:]version[-release]`. */
export interface RpmVersion {
  /** Digits; `0` where there is none. */
  readonly epoch: string
  readonly version: string
  /** Undefined where there is none, which comes before every release. */
  readonly release: string | undefined
}

const tilde = 0x7e
const caret = 0x5e
/** What rpmbuild lets through, the epoch's colon, and anything beyond ASCII, which rpm passes over as separators. */
const illegal = /[^0-9A-Za-z._+~^:\u0080-\uffff-]/

export const rpm = defineScheme<RpmVersion>({
  id: 'rpm',
  label: 'RPM',
  spec: 'https://rpm-software-management.github.io/rpm/man/rpm-version.7',
  parse(text) {
    if (illegal.test(text)) return undefined
    // A colon ends an epoch only after digits; elsewhere it separates, as in Red Hat's old module versions.
    const digitsEnd = endOfDigits(text, 0)
    const hasEpoch = digitsEnd > 0 && text.charCodeAt(digitsEnd) === 0x3a
    const start = hasEpoch ? digitsEnd + 1 : 0
    const hyphen = text.lastIndexOf('-')
    const versionEnd = hyphen >= start ? hyphen : text.length
    if (versionEnd === start) return undefined
    return {
      epoch: hasEpoch ? text.slice(0, digitsEnd) : '0',
      version: text.slice(start, versionEnd),
      release: versionEnd < text.length ? text.slice(versionEnd + 1) : undefined,
    }
  },
  compare(a, b) {
    return (
      compareDigitRuns(a.epoch, 0, a.epoch.length, b.epoch, 0, b.epoch.length) ||
      compareSegments(a.version, b.version) ||
      compareReleases(a.release, b.release)
    )
  },
})

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return compareSegments(a, b)
}

/**
 * rpmvercmp: runs of digits and of ASCII letters, whatever stands between them. In the same place `~` comes before the
 * end, the end before `^`, `^` before letters, letters before digits.
 */
function compareSegments(a: string, b: string): number {
  let i = 0
  let j = 0
  for (;;) {
    i = endOfSeparators(a, i)
    j = endOfSeparators(b, j)
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(j)
    if (x === tilde || y === tilde) {
      if (x !== y) return x === tilde ? -1 : 1
      i++
      j++
      continue
    }
    if (i === a.length || j === b.length) return Number(i < a.length) - Number(j < b.length)
    if (x === caret || y === caret) {
      if (x !== y) return x === caret ? -1 : 1
      i++
      j++
      continue
    }
    const digits = isDigit(x)
    if (digits !== isDigit(y)) return digits ? 1 : -1
    const aEnd = digits ? endOfDigits(a, i) : endOfLetters(a, i)
    const bEnd = digits ? endOfDigits(b, j) : endOfLetters(b, j)
    const comparison = digits
      ? compareDigitRuns(a, i, aEnd, b, j, bEnd)
      : compareTexts(a.slice(i, aEnd), b.slice(j, bEnd))
    if (comparison !== 0) return comparison
    i = aEnd
    j = bEnd
  }
}

function endOfSeparators(text: string, start: number): number {
  let at = start
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (isDigit(unit) || isLetter(unit) || unit === tilde || unit === caret) break
  }
  return at
}
