import { columnsOf, isOfContent } from './columns.ts'
import type { CompiledCondition, CompiledPolicies } from './compile.ts'
import type { ImagePolicyFacts, PolicyFinding, PolicyPackage } from './facts.ts'
import { rowsMeeting } from './meet.ts'
import { conditionsOf } from './preview-asked.ts'
import { eachRow } from './rows.ts'

/** Numbers of packages and findings in the order in which they were given. */
export interface RowNumbers {
  readonly packages: Int32Array
  readonly findings: Int32Array
}

/** Steps that are remembered; beyond them rows that are alike may get different numbers, which only costs time. */
const mostSteps = 1_000_000
/** More than there are conditions. */
const stride = 2 ** 26

/**
 * Numbers packages and findings so that those of one number answer every condition alike, and their packages too. A rule holds
 * where some row meets all its conditions, and an exclusion takes away whatever meets its own: of rows that are alike one is
 * enough, and what an image has need not be judged row by row. Not for conditions on places, which differ from image to image.
 */
export class RowLikeness {
  readonly #conditions: readonly CompiledCondition[]
  readonly #now: number
  /** From the number for some conditions to that for one more, and from a package's type to its first. */
  #steps = new Map<number | string, number>()
  #numbers = 0

  /** `now` in milliseconds since 1970. */
  constructor(sets: readonly CompiledPolicies[], now: number) {
    const distinct = new Map(sets.flatMap(conditionsOf).map((condition) => [condition.id, condition]))
    this.#conditions = [...distinct.values()].filter(({ checked }) => isOfContent(checked.prop.subject))
    this.#now = now
  }

  /** Numbers rows of any number of images or packages at once; `package` of a finding is its place among the packages. */
  of(content: {
    readonly packages: readonly PolicyPackage[]
    readonly findings: readonly PolicyFinding[]
  }): RowNumbers {
    if (this.#steps.size > mostSteps) this.#steps = new Map()
    const facts: ImagePolicyFacts = { ...noImage, ...content }
    // What asks for the type of a finding's package must find it the same too.
    const packages = Int32Array.from(content.packages, ({ type }) => this.#step(type))
    this.#refine(packages, facts, 'package')
    const findings = Int32Array.from(content.findings, (finding) => packages[finding.package] ?? -1)
    this.#refine(findings, facts, 'vulnerability')
    return { packages, findings }
  }

  #refine(numbers: Int32Array, facts: ImagePolicyFacts, subject: 'package' | 'vulnerability'): void {
    const columns = columnsOf(facts)
    for (const { id, checked, leaning } of this.#conditions) {
      if (checked.prop.subject !== subject) continue
      for (const row of eachRow(rowsMeeting(checked, leaning, columns, this.#now)))
        numbers[row] = this.#step((numbers[row] ?? 0) * stride + id)
    }
  }

  #step(key: number | string): number {
    const known = this.#steps.get(key)
    if (known !== undefined) return known
    this.#steps.set(key, ++this.#numbers)
    return this.#numbers
  }
}

const noImage = {
  registry: '',
  repository: '',
  tag: '',
  digest: '',
  assessment: 'assessed' as const,
  detections: [],
}
