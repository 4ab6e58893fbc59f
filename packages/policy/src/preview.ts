import { sameContent } from './columns.ts'
import { type ConditionNumbers, compilePolicies } from './compile.ts'
import { type Decision, decide, type PolicyVerdict } from './evaluate.ts'
import type { Exclusion } from './exclusions.ts'
import type { ImagePolicyFacts } from './facts.ts'
import { Judgement } from './judgement.ts'
import { PlacesAsked } from './places-asked.ts'
import { type AskedFacts, askedOf } from './preview-asked.ts'
import { ImageLikeness } from './preview-likeness.ts'
import { RowLikeness } from './preview-rows.ts'
import { type Outcome, type Preview, PreviewTally } from './preview-tally.ts'
import type { Policy } from './rule.ts'
import { evaluateUnassessed, type UnassessedReference } from './unassessed.ts'

/** Policies in their order, highest precedence first, and exclusions. */
export interface PolicyRevision {
  readonly policies: readonly Policy[]
  readonly exclusions: readonly Exclusion[]
}

/** What one judgement says of any number of images that are alike. */
interface Compared {
  readonly before: Outcome
  readonly after: Outcome
  /** Indexes of the proposed exclusions that cover something of it. */
  readonly covering: ReadonlySet<number>
}

const nothing: ReadonlySet<number> = new Set()

/**
 * Judges very many images by policies as they are and as they would be. Whoever gives the images gives those with the same
 * packages and findings together, so that what these say is asked once for all of them. The verdicts are those of `evaluate`.
 */
export class PolicyPreview {
  /** What of the images is asked at all. */
  readonly asked: AskedFacts
  /** Tells which packages and findings need not be given more than once in one image; undefined where places are asked for. */
  readonly rows: RowLikeness | undefined
  readonly #before
  readonly #after
  readonly #now: number
  readonly #likeness: ImageLikeness
  readonly #sameExclusions: boolean
  /** How many policies from the first on decide the same before and after; Infinity: all, and there are no others. */
  readonly #samePolicies: number
  readonly #tally: PreviewTally
  readonly #unassessed = new Map<string, Compared>()
  /** The image that spoke first for those with the same content. */
  #first: Judgement | undefined
  #known = new Map<string, Compared | PlacesAsked>()
  readonly #detections = new WeakMap<ImagePolicyFacts['detections'], number>()
  #detectionLists = 0

  /** `now` in milliseconds since 1970; at most `most` flips are listed. A PolicyFault says what cannot be understood. */
  constructor(before: PolicyRevision, after: PolicyRevision, now: number, most: number) {
    const numbers: ConditionNumbers = new Map()
    this.#before = compilePolicies(before.policies, before.exclusions, numbers)
    this.#after = compilePolicies(after.policies, after.exclusions, numbers)
    const both = [this.#before, this.#after]
    this.#now = now
    this.asked = askedOf(both)
    if (!this.asked.places) this.rows = new RowLikeness(both, now)
    this.#likeness = new ImageLikeness(both, now)
    this.#sameExclusions = JSON.stringify(before.exclusions) === JSON.stringify(after.exclusions)
    const [were, are] = [before.policies.map(deciding), after.policies.map(deciding)]
    const differs = are.findIndex((policy, place) => policy !== were[place])
    const alike = differs < 0 ? are.length : differs
    this.#samePolicies = alike === Math.max(are.length, were.length) ? Number.POSITIVE_INFINITY : alike
    this.#tally = new PreviewTally(after.exclusions.length, most)
  }

  /**
   * Counts one assessed image. Images that come one after the other and have the very same lists of packages and findings
   * are judged together. Throws PlacesAsked, and counts nothing, where the places of its packages are asked for and the
   * facts do not have them.
   */
  add(facts: ImagePolicyFacts): void {
    if (this.#first && !sameContent(this.#first.facts, facts)) {
      this.#first = undefined
      this.#known = new Map()
    }
    const key = `${this.#likeness.of(facts)}${this.#detectionsKey(facts)}`
    const compared = this.#known.get(key) ?? this.#judge(facts)
    this.#known.set(key, compared)
    if (compared instanceof PlacesAsked) throw compared
    this.#tally.count(facts, compared)
  }

  /** Counts one image that is not assessed: it is judged by its name and state alone. */
  addUnassessed(image: UnassessedReference): void {
    const { state, ...name } = image
    const key = this.#likeness.of({
      ...name,
      assessment: state,
      packages: [],
      findings: [],
      detections: [],
    })
    const known = this.#unassessed.get(key)
    const compared = known ?? {
      before: unassessedOutcome(evaluateUnassessed(image, this.#before, this.#now)),
      after: unassessedOutcome(evaluateUnassessed(image, this.#after, this.#now)),
      covering: nothing,
    }
    if (!known) this.#unassessed.set(key, compared)
    this.#tally.count(image, compared)
  }

  result(): Preview {
    return this.#tally.result()
  }

  #judge(facts: ImagePolicyFacts): Compared | PlacesAsked {
    const judgement = new Judgement(facts, this.#now, this.#after.conditions, this.#first)
    this.#first ??= judgement
    try {
      return this.#compare(judgement)
    } catch (error) {
      if (error instanceof PlacesAsked) return error
      throw error
    }
  }

  #compare(judgement: Judgement): Compared {
    const covered = judgement.cover(this.#after.exclusions)
    const after = decide(judgement, this.#after.policies, covered)
    // Policies are asked in their order, so under the same exclusions those that are alike from the first on decide alike.
    const place = after?.place ?? Number.MAX_SAFE_INTEGER
    const before =
      this.#sameExclusions && place < this.#samePolicies
        ? after
        : decide(
            judgement,
            this.#before.policies,
            this.#sameExclusions ? covered : judgement.cover(this.#before.exclusions),
          )
    return {
      before: outcomeOf(before, this.#before.policies),
      after: outcomeOf(after, this.#after.policies),
      covering: covered?.matched ?? nothing,
    }
  }

  #detectionsKey({ detections }: ImagePolicyFacts): string {
    if (detections.length === 0 || !this.asked.detections) return ''
    const number = this.#detections.get(detections) ?? ++this.#detectionLists
    this.#detections.set(detections, number)
    return `detections ${number}`
  }
}

/** All of a policy that has a part in decisions. */
function deciding({ enabled, rules, groups }: Policy): string {
  return JSON.stringify([enabled, rules, groups.map(({ conditions }) => conditions)])
}

function outcomeOf(
  decision: Decision | undefined,
  policies: readonly { readonly policy: Policy }[],
): Outcome {
  const policy = decision
    ? policies[decision.place]?.policy
    : policies.find(({ policy }) => policy.isDefault)?.policy
  return { action: decision?.action ?? 'allow', policy: policy?.name ?? null }
}

function unassessedOutcome(verdict: PolicyVerdict | undefined): Outcome {
  return { action: verdict?.action ?? null, policy: verdict?.policy?.name ?? null }
}
