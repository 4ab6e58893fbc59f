import { columnsOf } from './columns.ts'
import type { CompiledCondition, CompiledPolicies } from './compile.ts'
import type { ImagePolicyFacts } from './facts.ts'
import { rowsMeeting } from './meet.ts'
import { askedOf, conditionsOf } from './preview-asked.ts'
import type { Prop } from './prop.ts'
import { hasRow } from './rows.ts'

/** Values of one prop whose answers are remembered; beyond them they are found anew. */
const mostValues = 50_000

interface AskedProp {
  readonly prop: Prop
  readonly conditions: readonly CompiledCondition[]
  /** Numbers of answers by value. */
  readonly known: Map<string, number>
}

/**
 * Tells images apart by what policies and exclusions ask of the image itself. A verdict depends on an image's name, age and
 * so on only through the answers of the conditions on them, and on its digests only where a scope names one of them: images
 * of the same likeness with the same packages, findings and detections have the same verdict.
 */
export class ImageLikeness {
  readonly #props: readonly AskedProp[]
  readonly #digests: ReadonlySet<string>
  readonly #numbers = new Map<string, number>()
  readonly #now: number

  /** `now` in milliseconds since 1970. */
  constructor(sets: readonly CompiledPolicies[], now: number) {
    this.#now = now
    this.#digests = askedOf(sets).digests
    const distinct = new Map(sets.flatMap(conditionsOf).map((condition) => [condition.id, condition]))
    const ofImage = [...distinct.values()].filter(({ checked }) => checked.prop.subject === 'image')
    this.#props = [...Map.groupBy(ofImage, ({ checked }) => checked.prop)].map(([prop, conditions]) => ({
      prop,
      conditions,
      known: new Map(),
    }))
  }

  /** The same text for images that are alike. */
  of(facts: ImagePolicyFacts): string {
    let text = ''
    for (const asked of this.#props) text += `${this.#answers(asked, facts)} `
    for (const digest of [facts.digest, facts.indexDigest])
      if (digest !== undefined && this.#digests.has(digest)) text += `${digest} `
    return text
  }

  #answers({ prop, conditions, known }: AskedProp, facts: ImagePolicyFacts): number {
    // Props of the image are read from the image's facts.
    const value = (prop.read as (row: ImagePolicyFacts, facts: ImagePolicyFacts) => unknown)(facts, facts)
    const key = JSON.stringify(value) ?? ''
    const number = known.get(key)
    if (number !== undefined) return number
    const answers = conditions
      .map(({ checked, leaning }) =>
        hasRow(rowsMeeting(checked, leaning, columnsOf(facts), this.#now), 0) ? '1' : '0',
      )
      .join('')
    const made = this.#numbers.get(answers) ?? this.#numbers.size
    this.#numbers.set(answers, made)
    if (known.size >= mostValues) known.clear()
    known.set(key, made)
    return made
  }
}
