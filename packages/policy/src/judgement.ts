import { Columns } from './columns.ts'
import {
  type CompiledCondition,
  type CompiledExclusion,
  type CompiledGroup,
  type CompiledRule,
  type ConditionsBySubject,
  isTimed,
} from './compile.ts'
import { placesWithin } from './exclusions.ts'
import type { ImagePolicyFacts } from './facts.ts'
import { conditionMask, type Mask, nextChange } from './mask.ts'

/** The rows that met a rule: only of the subjects that the rule speaks of. */
export interface RuleMatch {
  readonly findings?: Mask
  readonly packages?: Mask
  readonly detections?: Mask
}

/** For each row the index of the exclusion that covers it, or -1. */
export interface Covered {
  readonly findings: Int32Array
  readonly packages: Int32Array
  readonly detections: Int32Array
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
  readonly #masks: (Mask | undefined)[]
  #packageOfFinding: Int32Array | undefined

  constructor(facts: ImagePolicyFacts, now: number, conditions: number) {
    this.facts = facts
    this.now = now
    this.#columns = new Columns(facts)
    this.#masks = new Array<Mask | undefined>(conditions)
  }

  /** The rows of its subject that meet a condition. */
  mask(condition: CompiledCondition): Mask {
    const known = this.#masks[condition.id]
    if (known) return known
    const made = conditionMask(condition.checked, condition.leaning, this.#columns, this.now)
    this.#masks[condition.id] = made
    return made
  }

  /** Whether the image itself meets all conditions. */
  image(conditions: readonly CompiledCondition[]): boolean {
    for (const condition of conditions) {
      if (isTimed(condition)) this.#watch(condition, 0)
      if (this.mask(condition)[0] !== 1) return false
    }
    return true
  }

  group({ alternatives }: CompiledGroup): boolean {
    return alternatives.every((list) => list.some((condition) => this.mask(condition)[0] === 1))
  }

  /** What meets a rule once the rows that are covered are left out; undefined when the rule does not hold. */
  rule({ conditions, action }: CompiledRule, covered: Covered | undefined): RuleMatch | undefined {
    if (!this.image(conditions.image)) return undefined
    // What is excluded no longer counts against an image; it may still count for it.
    const left = action === 'allow' ? undefined : covered
    const onFindings = conditions.vulnerability.length > 0
    const onPackages = conditions.package.length > 0
    let match: RuleMatch = {}
    if (onFindings) {
      const findings = this.#left(this.findings(conditions), left?.findings)
      if (!findings) return undefined
      match = onPackages ? { findings, packages: this.#packagesOf(findings) } : { findings }
    } else if (onPackages) {
      const packages = this.#left(
        this.#meeting(conditions.package, this.facts.packages.length),
        left?.packages,
      )
      if (!packages) return undefined
      match = { packages }
    }
    if (conditions.detection.length === 0) return match
    const detections = this.#left(
      this.#meeting(conditions.detection, this.facts.detections.length),
      left?.detections,
    )
    return detections && { ...match, detections }
  }

  /** The findings that meet all conditions on vulnerability and package: one finding meets them all. */
  findings({ vulnerability, package: ofPackage }: ConditionsBySubject): Mask {
    const mask = new Uint8Array(this.facts.findings.length).fill(1)
    const packages = this.#packageIndex()
    for (const condition of ofPackage) {
      const met = this.mask(condition)
      for (let row = 0; row < mask.length; row++) if (met[packages[row] ?? -1] !== 1) mask[row] = 0
    }
    return this.#narrow(mask, vulnerability)
  }

  /** What the exclusions cover, the first of several. */
  cover(exclusions: readonly CompiledExclusion[]): Covered | undefined {
    if (exclusions.length === 0) return undefined
    const covered = {
      findings: new Int32Array(this.facts.findings.length).fill(-1),
      packages: new Int32Array(this.facts.packages.length).fill(-1),
      detections: new Int32Array(this.facts.detections.length).fill(-1),
      matched: new Set<number>(),
    }
    for (const [index, exclusion] of exclusions.entries()) {
      if (!this.#inScope(exclusion) || !this.#cover(exclusion, index, covered)) continue
      covered.matched.add(index)
      const ends = exclusion.checked.expiresAt
      if (ends !== undefined && ends < this.nextChange) this.nextChange = ends
    }
    return covered
  }

  #inScope({ checked, conditions }: CompiledExclusion): boolean {
    const { digests, expiresAt } = checked
    if (expiresAt !== undefined && expiresAt <= this.now) return false
    if (digests && !digests.has(this.facts.digest) && !digests.has(this.facts.indexDigest ?? '')) return false
    return this.image(conditions.image)
  }

  #cover({ checked, conditions }: CompiledExclusion, index: number, covered: Covered): boolean {
    const { target, layers } = checked
    let any = false
    const mark = (
      rows: Mask,
      into: Int32Array,
      places: (row: number) => ImagePolicyFacts['packages'][number]['places'],
    ) => {
      for (let row = 0; row < rows.length; row++) {
        if (rows[row] !== 1 || (layers && !placesWithin(places(row), layers))) continue
        if (into[row] === -1) into[row] = index
        any = true
      }
    }
    const { findings, packages, detections } = this.facts
    const placesOfPackage = (row: number) => packages[row]?.places ?? []
    if (target === 'findings') {
      if (this.#foundNowhere(conditions.vulnerability)) return false
      mark(this.findings(conditions), covered.findings, (row) =>
        placesOfPackage(findings[row]?.package ?? -1),
      )
      return any
    }
    if (target !== 'detections') {
      const met = this.#meeting(conditions.package, packages.length)
      mark(met, covered.packages, placesOfPackage)
      // Findings go with their package, and only where the whole package is covered.
      const owners = this.#packageIndex()
      for (let row = 0; row < findings.length; row++) {
        const owner = owners[row] ?? -1
        if (met[owner] === 1 && covered.packages[owner] !== -1 && covered.findings[row] === -1) {
          covered.findings[row] = covered.packages[owner] ?? index
        }
      }
    }
    if (target === 'detections' || target === 'places')
      mark(
        this.#meeting(conditions.detection, detections.length),
        covered.detections,
        (row) => detections[row]?.places ?? [],
      )
    return any
  }

  /** Most exclusions name CVEs that most images do not have: those cost a look-up each and no walk over the findings. */
  #foundNowhere(conditions: readonly CompiledCondition[]): boolean {
    return conditions.some(({ checked: { prop, operand } }) => {
      if (operand.kind !== 'text' || operand.negated || operand.patterns.length > 0) return false
      const column = this.#columns.of(prop)
      if (column.kind !== 'text' || operand.exact.size > column.places.size) return false
      for (const text of operand.exact) if (column.places.has(text)) return false
      return true
    })
  }

  #meeting(conditions: readonly CompiledCondition[], rows: number): Mask {
    return this.#narrow(new Uint8Array(rows).fill(1), conditions)
  }

  /** Leaves the rows that meet all conditions. One on days is watched for the rows that are left when it is asked. */
  #narrow(mask: Mask, conditions: readonly CompiledCondition[]): Mask {
    for (const condition of conditions) {
      if (isTimed(condition))
        for (let row = 0; row < mask.length; row++) if (mask[row] === 1) this.#watch(condition, row)
      const met = this.mask(condition)
      for (let row = 0; row < mask.length; row++) mask[row] = (mask[row] ?? 0) & (met[row] ?? 0)
    }
    return mask
  }

  #watch({ checked }: CompiledCondition, row: number): void {
    const column = this.#columns.of(checked.prop)
    if (column.kind !== 'days') return
    const next = nextChange(checked, column.rows[row] ?? Number.NaN, this.now)
    if (next < this.nextChange) this.nextChange = next
  }

  /** The rows that no exclusion covers; undefined when none is left. */
  #left(mask: Mask, covered: Int32Array | undefined): Mask | undefined {
    let any = false
    for (let row = 0; row < mask.length; row++) {
      if (mask[row] !== 1) continue
      if (covered && covered[row] !== -1) mask[row] = 0
      else any = true
    }
    return any ? mask : undefined
  }

  #packagesOf(findings: Mask): Mask {
    const mask = new Uint8Array(this.facts.packages.length)
    const owners = this.#packageIndex()
    for (let row = 0; row < findings.length; row++) {
      const owner = owners[row] ?? -1
      if (findings[row] === 1 && owner >= 0 && owner < mask.length) mask[owner] = 1
    }
    return mask
  }

  #packageIndex(): Int32Array {
    this.#packageOfFinding ??= Int32Array.from(this.facts.findings, (finding) => finding.package)
    return this.#packageOfFinding
  }
}
