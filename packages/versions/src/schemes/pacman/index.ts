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
export interface PacmanVersion {
  /** Digits; `0` where there is none. */
  readonly epoch: string
  readonly version: string
  /** Undefined where there is none, which agrees with every release. */
  readonly release: string | undefined
}

const shape = /^(?:(?<epoch>\d+):)?(?<version>[A-Za-z0-9._+~]+)(?:-(?<release>[0-9A-Za-z._+]+))?$/

/**
 * libalpm's order. As in pacman itself, a version without a release agrees with all its releases (`1.0` = `1.0-1` and
 * `1.0` = `1.0-2`), so only versions with a release, which every installed package has, are totally ordered.
 */
export const pacman = defineScheme<PacmanVersion>({
  id: 'pacman',
  label: 'pacman (Arch Linux)',
  spec: 'https://man.archlinux.org/man/vercmp.8',
  parse(text) {
    const groups = shape.exec(text)?.groups
    if (groups === undefined) return undefined
    return { epoch: groups['epoch'] ?? '0', version: groups['version'], release: groups['release'] }
  },
  compare(a, b) {
    const comparison =
      compareDigitRuns(a.epoch, 0, a.epoch.length, b.epoch, 0, b.epoch.length) ||
      compareSegments(a.version, b.version)
    if (comparison !== 0 || a.release === undefined || b.release === undefined) return comparison
    return compareSegments(a.release, b.release)
  },
})

/**
 * Runs of digits and of letters, as in rpm, but the separators count: more of them are later (`1..0` > `1.0`), a word
 * that follows a number directly makes a pre-release (`1.0rc` < `1.0`), and one after a separator does not (`1.0.rc`).
 */
function compareSegments(a: string, b: string): number {
  if (a === b) return 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const aStart = endOfSeparators(a, i)
    const bStart = endOfSeparators(b, j)
    const separators = aStart - i - (bStart - j)
    i = aStart
    j = bStart
    if (i === a.length || j === b.length) break
    if (separators !== 0) return separators
    const digits = isDigit(a.charCodeAt(i))
    if (digits !== isDigit(b.charCodeAt(j))) return digits ? 1 : -1
    const aEnd = digits ? endOfDigits(a, i) : endOfLetters(a, i)
    const bEnd = digits ? endOfDigits(b, j) : endOfLetters(b, j)
    const comparison = digits
      ? compareDigitRuns(a, i, aEnd, b, j, bEnd)
      : compareTexts(a.slice(i, aEnd), b.slice(j, bEnd))
    if (comparison !== 0) return comparison
    i = aEnd
    j = bEnd
  }
  if (i === a.length && j === b.length) return 0
  if (i === a.length) return isLetter(b.charCodeAt(j)) ? 1 : -1
  return isLetter(a.charCodeAt(i)) ? -1 : 1
}

function endOfSeparators(text: string, start: number): number {
  let at = start
  while (at < text.length && !isDigit(text.charCodeAt(at)) && !isLetter(text.charCodeAt(at))) at++
  return at
}
