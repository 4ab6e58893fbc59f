import type { FixState, Verdict } from '@lanner/model'
import type { SchemeId } from '@lanner/versions'
import type { AffectedPackage } from './advisory.ts'
import { fixesAbove, fixStateOf } from './fixes.ts'
import { moduleObjection, openStream } from './modules.ts'
import { judgeRange, type RangeJudgement } from './ranges.ts'
import type { InstalledVersion } from './version-order.ts'

/** What of an installed package an entry is held against. */
export interface Subject {
  readonly installed: InstalledVersion
  /** The package's own name: the entry may have matched by that of its source. */
  readonly name: string
  readonly matchedBy: 'name' | 'source'
  /** rpm MODULARITYLABEL. */
  readonly module?: string
}

/** One entry's word on one package, and what led to it. */
export interface Judgement {
  readonly verdict: Verdict
  readonly scheme: SchemeId
  /** The events that decided, as written; `versions` when the enumeration did. */
  readonly range?: string
  /** For `affected` and `unknown`: what is above the installed version, lowest first. For `fixed`: what the fix came with. */
  readonly fixedVersions: readonly string[]
  readonly fixState: FixState
  /** Why the verdict is unknown or does not hold, in a sentence. */
  readonly note?: string
  /** False when the entry is about something else than this package (another module stream, another binary package). */
  readonly applies: boolean
}

/**
 * Whether an advisory's entry concerns a package: the evaluation of the OSV schema, with a third answer. An order that the
 * scheme cannot tell makes the verdict `unknown`, never `unaffected`. `fixed` means that the package was in the range once
 * and is at or above its fix. https://ossf.github.io/osv-schema/#evaluation
 */
export function affects(entry: AffectedPackage, subject: Subject): Judgement {
  const objection = objectionTo(entry, subject)
  if (objection) return notAffected(entry, subject, { note: objection, applies: false })
  if (entry.notAffected) {
    return notAffected(entry, subject, {
      note: entry.fixReason ? `Stated as not affected: ${entry.fixReason}.` : 'Stated as not affected.',
    })
  }
  if (isUnversioned(subject.installed)) {
    return unknown(entry, subject, {
      note: `The package carries no version (${subject.installed.text || 'empty'}), so no range can be applied.`,
    })
  }
  const judgement = byRangeAndEnumeration(entry, subject)
  if (judgement.verdict !== 'affected' || subject.installed.scheme !== 'rpm') return judgement
  const doubt = openStream(entry, versioned(subject))
  return doubt ? { ...judgement, verdict: 'unknown', note: doubt } : judgement
}

function versioned(subject: Subject): { version: string; module?: string } {
  return { version: subject.installed.text, ...(subject.module ? { module: subject.module } : {}) }
}

function objectionTo(entry: AffectedPackage, subject: Subject): string | undefined {
  if (subject.installed.scheme === 'rpm') {
    const objection = moduleObjection(entry, versioned(subject))
    if (objection) return objection
  }
  if (subject.matchedBy === 'source' && entry.binaries && !isListed(subject.name, entry.binaries)) {
    return `The record lists the affected binary packages of ${entry.name}, and ${subject.name} is not among them.`
  }
  return undefined
}

const kernelAbi = /\d{1,3}\.\d{1,3}\.\d{1,3}-\d{1,6}/
const kernelAbiAlone = /^\d{1,3}\.\d{1,3}\.\d{1,3}-\d{1,6}$/

/**
 * Canonical lists the binary packages of one build, the fixed or the newest. Those of a kernel carry its ABI number, so what
 * is `linux-headers-4.4.0-174-generic` there was `linux-headers-4.4.0-130-generic` before.
 */
function isListed(name: string, binaries: readonly string[]): boolean {
  if (binaries.includes(name)) return true
  const abi = kernelAbi.exec(name)
  if (!abi) return false
  const before = name.slice(0, abi.index)
  const after = name.slice(abi.index + abi[0].length)
  return binaries.some(
    (binary) =>
      binary.startsWith(before) &&
      binary.endsWith(after) &&
      kernelAbiAlone.test(binary.slice(before.length, binary.length - after.length)),
  )
}

/** `(devel)` is what Go writes into a binary built from a working tree. https://pkg.go.dev/runtime/debug#Module */
function isUnversioned({ scheme, text }: InstalledVersion): boolean {
  return (
    text === '' || (scheme.startsWith('go') && (text === '(devel)' || text === 'devel' || text === 'unknown'))
  )
}

function byRangeAndEnumeration(entry: AffectedPackage, subject: Subject): Judgement {
  const { installed } = subject
  let best: RangeJudgement | undefined
  for (const range of entry.ranges) {
    const judgement = judgeRange(range, installed)
    if (!best || weight[judgement.verdict] > weight[best.verdict]) best = judgement
    if (best.verdict === 'affected') break
  }
  if (best?.verdict !== 'affected' && enumerationCounts(entry, subject, best)) {
    const listed = enumerated(entry.versions, installed)
    if (listed === 'yes') return affected(entry, subject, 'versions')
    if (listed === 'unknown' && best?.verdict !== 'unknown') {
      return unknown(entry, subject, {
        range: 'versions',
        note: `The version ${quoted(installed.text)} is not listed as written and cannot be compared as ${installed.scheme}.`,
      })
    }
    best ??= { verdict: 'unaffected', text: 'versions' }
  }
  if (!best) {
    return unknown(entry, subject, { note: 'The record gives neither ranges nor versions for this package.' })
  }
  switch (best.verdict) {
    case 'affected':
      return affected(entry, subject, best.text)
    case 'unknown':
      return unknown(entry, subject, {
        range: best.text,
        note: `The version ${quoted(installed.text)} and the bound ${quoted(best.bound ?? '')} cannot be ordered as ${installed.scheme}.`,
      })
    case 'fixed':
      return {
        verdict: 'fixed',
        scheme: installed.scheme,
        range: best.text,
        fixedVersions: best.fixedBy ? [best.fixedBy] : [],
        fixState: 'fixed',
        applies: true,
      }
    default:
      return notAffected(entry, subject, { range: best.text })
  }
}

const weight: Readonly<Record<Verdict, number>> = { affected: 3, unknown: 2, fixed: 1, unaffected: 0 }

/**
 * The schema lets a package be affected by its range or by the enumeration. Distribution records enumerate what was ever
 * published under the name, versions of other releases included, so their range alone decides where there is one that can.
 * https://github.com/google/osv.dev/issues/4161
 */
function enumerationCounts(
  entry: AffectedPackage,
  subject: Subject,
  best: RangeJudgement | undefined,
): boolean {
  if (entry.versions.length === 0) return false
  const { scheme } = subject.installed
  const distribution = scheme === 'deb' || scheme === 'rpm' || scheme === 'apk'
  return !distribution || best === undefined || best.verdict === 'unknown'
}

function enumerated(versions: readonly string[], installed: InstalledVersion): 'yes' | 'no' | 'unknown' {
  if (versions.includes(installed.text)) return 'yes'
  let answer: 'no' | 'unknown' = 'no'
  for (const version of versions) {
    const place = installed.against(version)
    if (place === 'equal') return 'yes'
    if (place === 'unknown') answer = 'unknown'
  }
  if (answer === 'no') return 'no'
  // A listed version that has no order is no reason to doubt an installed one that has.
  return installed.against(installed.text) === 'unknown' ? 'unknown' : 'no'
}

function affected(entry: AffectedPackage, subject: Subject, range: string): Judgement {
  const fixedVersions = fixesAbove(entry, subject.installed)
  return {
    verdict: 'affected',
    scheme: subject.installed.scheme,
    range,
    fixedVersions,
    fixState: fixStateOf(entry, fixedVersions),
    applies: true,
  }
}

function unknown(
  entry: AffectedPackage,
  subject: Subject,
  told: { range?: string; note: string },
): Judgement {
  const fixedVersions = fixesAbove(entry, subject.installed)
  return {
    verdict: 'unknown',
    scheme: subject.installed.scheme,
    ...told,
    fixedVersions,
    fixState: fixStateOf(entry, fixedVersions),
    applies: true,
  }
}

function notAffected(
  entry: AffectedPackage,
  subject: Subject,
  told: { range?: string; note?: string; applies?: boolean },
): Judgement {
  return {
    verdict: 'unaffected',
    scheme: subject.installed.scheme,
    fixedVersions: [],
    fixState: entry.fixState ?? 'unknown',
    applies: true,
    ...told,
  }
}

function quoted(text: string): string {
  return `“${text.slice(0, 100)}”`
}
