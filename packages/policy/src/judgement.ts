import { Columns, columnsOf, isOfContent, sameContent } from './columns.ts'
import {
  type CompiledCondition,
  type CompiledExclusion,
  type CompiledGroup,
  type CompiledRule,
  type ConditionsBySubject,
  isTimed,
} from './compile.ts'
import { placesWithin } from './exclusions.ts'
import type { ImagePolicyFacts, PolicyPlace } from './facts.ts'
import { nextChange, rowsMeeting } from './meet.ts'
import { addRow, allRows, eachRow, hasRow, isEmpty, keepCommon, noRows, type Rows, takeOut } from './rows.ts'

/** The rows that met a rule: only of the subjects that the rule speaks of. */
export interface RuleMatch {
  readonly findings?: Rows
  readonly packages?: Rows
  readonly detections?: Rows
}

/** The rows that exclusions cover, and for each the index of the first that does, or -1. */
export interface CoveredRows {
  readonly rows: Rows
  readonly by: Int32Array
}

/** What exclusions take away from an image. */
export interface Covered {
  readonly findings: CoveredRows
  readonly packages: CoveredRows
  readonly detections: CoveredRows
  /** Exclusions that cover at least one row. */
  readonly matched: ReadonlySet<number>
}

/** One image under judgement: answers of conditions are remembered, and so is the next instant at which one may change. */
export class Judgement {
  readonly facts: ImagePolicyFacts
  readonly now: number
  /** Milliseconds since 1970; Infinity while nothing depends on time. */
  nextChange = Number.POSITIVE_INFINITY
  readonly #columns: Columns
  /** Answers on the image itself and its detections. */
  readonly #met: (Rows | undefined)[]
  /** Answers on packages and findings. */
  readonly #metByContent: (Rows | undefined)[]
  readonly #findingsMet: (Rows | undefined)[]
  /** Whether nothing at all has a value that a condition on findings asks for. */
  readonly #nowhere: (boolean | undefined)[]
  /** Of each list of exclusions those that may cover something, by their indexes. */
  readonly #candidates: Map<readonly CompiledExclusion[], readonly number[]>

  /** `alike`: a judgement at the same time of an image with the very same packages and findings, whose answers on them hold. */
  constructor(facts: ImagePolicyFacts, now: number, conditions: number, alike?: Judgement) {
    this.facts = facts
    this.now = now
    this.#columns = alike ? new Columns(facts, alike.#columns) : columnsOf(facts)
    this.#met = new Array<Rows | undefined>(conditions)
    const same = alike !== undefined && sameContent(facts, alike.facts)
    this.#metByContent = same ? alike.#metByContent : new Array<Rows | undefined>(conditions)
    this.#findingsMet = same ? alike.#findingsMet : new Array<Rows | undefined>(conditions)
    this.#nowhere = same ? alike.#nowhere : new Array<boolean | undefined>(conditions)
    this.#candidates = same ? alike.#candidates : new Map()
  }

  /** The rows of its subject that meet a condition. */
  meeting({ id, checked, leaning }: CompiledCondition): Rows {
    const met = isOfContent(checked.prop.subject) ? this.#metByContent : this.#met
    return (met[id] ??= rowsMeeting(checked, leaning, this.#columns, this.now))
  }

  /** Whether the image itself meets all conditions. */
  image(conditions: readonly CompiledCondition[]): boolean {
    for (const condition of conditions) {
      if (isTimed(condition)) this.#watch(condition, allRows(1))
      if (!hasRow(this.meeting(condition), 0)) return false
    }
    return true
  }

  /** Whether the image is in a group. */
  group({ alternatives }: CompiledGroup): boolean {
    return alternatives.every((list) => list.some((condition) => hasRow(this.meeting(condition), 0)))
  }

  /** What meets a rule once the rows that are covered are left out; undefined when the rule does not hold. */
  rule({ conditions, action }: CompiledRule, covered: Covered | undefined): RuleMatch | undefined {
    if (!this.image(conditions.image)) return undefined
    // What is excluded no longer counts against an image; it may still count for it.
    const left = action === 'allow' ? undefined : covered
    let match: RuleMatch = {}
    if (conditions.vulnerability.length > 0) {
      const findings = uncovered(this.findings(conditions), left?.findings)
      if (!findings) return undefined
      match =
        conditions.package.length > 0 ? { findings, packages: this.#packagesOf(findings) } : { findings }
    } else if (conditions.package.length > 0) {
      const packages = uncovered(this.#all(conditions.package, this.facts.packages.length), left?.packages)
      if (!packages) return undefined
      match = { packages }
    }
    if (conditions.detection.length === 0) return match
    const detections = uncovered(
      this.#all(conditions.detection, this.facts.detections.length),
      left?.detections,
    )
    return detections && { ...match, detections }
  }

  /** The findings that meet all conditions on vulnerability and package: one finding meets them all. */
  findings(conditions: ConditionsBySubject): Rows {
    const rows = allRows(this.facts.findings.length)
    const last = conditions.vulnerability.at(-1)
    // Those on days stand last; mostly there are none.
    const steady =
      last && isTimed(last)
        ? conditions.vulnerability.filter((condition) => !isTimed(condition))
        : conditions.vulnerability
    this.#narrow(rows, steady)
    for (const condition of conditions.package) {
      if (isEmpty(rows)) return rows
      keepCommon(rows, this.#findingsMeeting(condition))
    }
    return this.#narrow(rows, conditions.vulnerability.slice(steady.length))
  }

  /** What the exclusions cover. */
  cover(exclusions: readonly CompiledExclusion[]): Covered | undefined {
    if (exclusions.length === 0) return undefined
    const covered = {
      findings: nothingOf(this.facts.findings.length),
      packages: nothingOf(this.facts.packages.length),
      detections: nothingOf(this.facts.detections.length),
      matched: new Set<number>(),
    }
    for (const index of this.#candidatesOf(exclusions)) {
      const exclusion = exclusions[index] as CompiledExclusion
      if (!this.#inEffect(exclusion) || !this.#cover(exclusion, index, covered)) continue
      covered.matched.add(index)
      const ends = exclusion.checked.expiresAt
      if (ends !== undefined && ends < this.nextChange) this.nextChange = ends
    }
    return covered
  }

  #candidatesOf(exclusions: readonly CompiledExclusion[]): readonly number[] {
    const known = this.#candidates.get(exclusions)
    if (known) return known
    const found: number[] = []
    for (let index = 0; index < exclusions.length; index++)
      if (!this.#foundNowhere((exclusions[index] as CompiledExclusion).conditions.vulnerability))
        found.push(index)
    this.#candidates.set(exclusions, found)
    return found
  }

  #inEffect({ checked, conditions }: CompiledExclusion): boolean {
    const { digests, expiresAt } = checked
    if (expiresAt !== undefined && expiresAt <= this.now) return false
    if (digests && !digests.has(this.facts.digest) && !digests.has(this.facts.indexDigest ?? '')) return false
    return this.image(conditions.image)
  }

  #cover({ checked, conditions }: CompiledExclusion, index: number, covered: Covered): boolean {
    const { target, layers } = checked
    let any = false
    const mark = (
      rows: Rows,
      { rows: all, by }: CoveredRows,
      places: (row: number) => readonly PolicyPlace[],
    ) => {
      for (const row of eachRow(rows)) {
        if (layers && !placesWithin(places(row), layers)) continue
        any = true
        if (hasRow(all, row)) continue
        addRow(all, row)
        by[row] = index
      }
    }
    const { findings, packages, detections } = this.facts
    const ofPackage = (row: number) => packages[row]?.places ?? []
    const ofFinding = (row: number) => ofPackage(findings[row]?.package ?? -1)
    if (target === 'findings') mark(this.findings(conditions), covered.findings, ofFinding)
    if (target === 'packages' || target === 'places') {
      const rows = this.#all(conditions.package, packages.length)
      mark(rows, covered.packages, ofPackage)
      // Findings go with their package.
      mark(this.#findingsOf(rows), covered.findings, ofFinding)
    }
    if (target === 'detections' || target === 'places')
      mark(
        this.#all(conditions.detection, detections.length),
        covered.detections,
        (row) => detections[row]?.places ?? [],
      )
    return any
  }

  /** Most exclusions name CVEs that most images do not have: those cost a look-up each and no walk over the findings. */
  #foundNowhere(conditions: readonly CompiledCondition[]): boolean {
    for (const condition of conditions)
      if ((this.#nowhere[condition.id] ??= this.#isNowhere(condition))) return true
    return false
  }

  #isNowhere({ checked: { prop, operand } }: CompiledCondition): boolean {
    if (operand.kind !== 'text' || operand.negated || operand.patterns.length > 0) return false
    const column = this.#columns.of(prop)
    if (column.kind !== 'text' || operand.exact.size > column.places.size) return false
    for (const text of operand.exact) if (column.places.has(text)) return false
    return true
  }

  #all(conditions: readonly CompiledCondition[], count: number): Rows {
    return this.#narrow(allRows(count), conditions)
  }

  /** Leaves the rows that meet all conditions. One on days is watched for the rows that are left when it is asked. */
  #narrow(rows: Rows, conditions: readonly CompiledCondition[]): Rows {
    for (const condition of conditions) {
      if (isEmpty(rows)) return rows
      if (isTimed(condition)) this.#watch(condition, rows)
      keepCommon(rows, this.meeting(condition))
    }
    return rows
  }

  #watch({ checked }: CompiledCondition, rows: Rows): void {
    const column = this.#columns.of(checked.prop)
    if (column.kind !== 'days') return
    const next = nextChange(checked, column.rows, rows, this.now)
    if (next < this.nextChange) this.nextChange = next
  }

  #findingsMeeting(condition: CompiledCondition): Rows {
    return (this.#findingsMet[condition.id] ??= this.#findingsOf(this.meeting(condition)))
  }

  #findingsOf(packages: Rows): Rows {
    const rows = noRows(this.facts.findings.length)
    const { findingsOfPackages } = this.#columns
    for (const owner of eachRow(packages))
      for (const row of findingsOfPackages[owner] ?? []) addRow(rows, row)
    return rows
  }

  #packagesOf(findings: Rows): Rows {
    const { length } = this.facts.packages
    const rows = noRows(length)
    for (const row of eachRow(findings)) {
      const owner = this.facts.findings[row]?.package ?? -1
      if (owner >= 0 && owner < length) addRow(rows, owner)
    }
    return rows
  }
}

function nothingOf(count: number): CoveredRows {
  return { rows: noRows(count), by: new Int32Array(count).fill(-1) }
}

/** The rows that no exclusion covers; undefined when none is left. */
function uncovered(rows: Rows, covered: CoveredRows | undefined): Rows | undefined {
  if (covered) takeOut(rows, covered.rows)
  return isEmpty(rows) ? undefined : rows
}
