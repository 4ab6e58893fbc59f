import { compareNaturals, compareTexts, endOfDigits, isDigit, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** What a part is; where two versions go on differently, the one whose next part stands higher here is the later. */
const Kind = {
  PreSuffix: 0,
  End: 1,
  Revision: 2,
  Hash: 3,
  SuffixNumber: 4,
  Suffix: 5,
  Letter: 6,
  Number: 7,
} as const
type Kind = (typeof Kind)[keyof typeof Kind]

interface Part {
  readonly kind: Kind
  /** Text for letters, hashes and numbers after a dot that begin with a zero; number for everything else. */
  readonly value: Natural | string
}

/** `number{.number}{letter}{_suffix{number}}{~hash}{-rnumber}` */
export type ApkVersion = readonly Part[]

const preSuffixes = ['alpha', 'beta', 'pre', 'rc']
const suffixes = ['cvs', 'svn', 'git', 'hg', 'p']
const end: Part = { kind: Kind.End, value: 0 }

export const apk = defineScheme<ApkVersion>({
  id: 'apk',
  label: 'apk (Alpine, Wolfi, Chainguard)',
  spec: 'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd',
  parse(text) {
    const parts: Part[] = []
    let at = parseNumbers(text, parts)
    if (at === undefined) return undefined
    while (text[at] === '_') {
      const wordEnd = endOfLowerCase(text, at + 1)
      const suffix = parseSuffix(text.slice(at + 1, wordEnd))
      if (suffix === undefined) return undefined
      parts.push(suffix)
      at = endOfDigits(text, wordEnd)
      if (at > wordEnd) parts.push({ kind: Kind.SuffixNumber, value: natural(text, wordEnd, at) })
    }
    if (text[at] === '~') {
      const hashEnd = endOfHexadecimal(text, at + 1)
      if (hashEnd === at + 1) return undefined
      parts.push({ kind: Kind.Hash, value: text.slice(at + 1, hashEnd) })
      at = hashEnd
    }
    if (text[at] === '-' && text[at + 1] === 'r') {
      const revisionEnd = endOfDigits(text, at + 2)
      if (revisionEnd === at + 2) return undefined
      parts.push({ kind: Kind.Revision, value: natural(text, at + 2, revisionEnd) })
      at = revisionEnd
    }
    return at === text.length ? parts : undefined
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length)
    for (let index = 0; index < length; index++) {
      const left = a[index] ?? end
      const right = b[index] ?? end
      const comparison = left.kind - right.kind || compareValues(left.value, right.value)
      if (comparison !== 0) return comparison
    }
    return 0
  },
})

/** Reads numbers and letters into `parts`; the offset after them, or undefined. */
function parseNumbers(text: string, parts: Part[]): number | undefined {
  for (let at = 0; ; ) {
    const numberEnd = endOfDigits(text, at)
    if (numberEnd === at) return undefined
    const asText = text[at - 1] === '.' && text[at] === '0'
    parts.push({
      kind: Kind.Number,
      value: asText ? text.slice(at, numberEnd) : natural(text, at, numberEnd),
    })
    at = numberEnd
    if (text[at] === '.') {
      at++
      continue
    }
    if (endOfLowerCase(text, at) === at) return at
    parts.push({ kind: Kind.Letter, value: text[at] })
    at++
    // apk 2 read a number after the letter (openssh 6.6.2p1), apk 3 no longer does; images with it exist.
    if (!isDigit(text.charCodeAt(at))) return at
  }
}

function parseSuffix(word: string): Part | undefined {
  const before = preSuffixes.indexOf(word)
  if (before >= 0) return { kind: Kind.PreSuffix, value: before }
  const after = suffixes.indexOf(word)
  return after < 0 ? undefined : { kind: Kind.Suffix, value: after }
}

/** A number that begins with a zero is compared as text (1.02 < 1.1); text that begins so always precedes a number. */
function compareValues(a: Natural | string, b: Natural | string): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : -1
  return typeof b === 'string' ? 1 : compareNaturals(a, b)
}

function endOfLowerCase(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) >= 0x61 && text.charCodeAt(at) <= 0x7a) at++
  return at
}

function endOfHexadecimal(text: string, start: number): number {
  let at = start
  for (; ; at++) {
    const unit = text.charCodeAt(at)
    if (!isDigit(unit) && !(unit >= 0x61 && unit <= 0x66)) return at
  }
}
