import type { CompiledCondition, CompiledPolicies } from './compile.ts'
import type { Subject } from './prop.ts'

/** What of images policies and exclusions ask: whoever makes facts for them alone need not read anything else. */
export interface AskedFacts {
  /** Props by subject and name: `image.repository`, `vulnerability.cve`. */
  readonly props: ReadonlySet<`${Subject}.${string}`>
  /** Whether findings make any difference. */
  readonly findings: boolean
  /** Whether packages do that have no finding. */
  readonly packages: boolean
  readonly detections: boolean
  /** Whether it may matter where packages lie. */
  readonly places: boolean
  /** Digests of manifests and indexes that some exclusion is bound to. */
  readonly digests: ReadonlySet<string>
}

/** What any of these policies and exclusions ask. Where packages and detections lie is left to whoever is asked for it. */
export function askedOf(sets: readonly CompiledPolicies[]): AskedFacts {
  const rules = sets.flatMap(({ policies }) => policies.flatMap((policy) => policy.rules))
  const exclusions = sets.flatMap((set) => set.exclusions)
  const conditions = sets.flatMap(conditionsOf)
  const asks = (subject: Subject) => conditions.some(({ checked }) => checked.prop.subject === subject)
  return {
    props: new Set(
      conditions.map(({ checked: { prop } }): `${Subject}.${string}` => `${prop.subject}.${prop.name}`),
    ),
    // Findings that an exclusion takes away together with their package only matter to rules that ask for findings.
    findings:
      rules.some((rule) => rule.conditions.vulnerability.length > 0) ||
      exclusions.some(({ checked }) => checked.target === 'findings'),
    packages: asks('package'),
    detections: asks('detection'),
    places:
      conditions.some(({ checked: { prop } }) => prop.name === 'layer' || prop.name === 'path') ||
      exclusions.some(({ checked }) => checked.layers !== undefined),
    digests: new Set(exclusions.flatMap(({ checked }) => [...(checked.digests ?? [])])),
  }
}

/** Every condition of groups, rules and exclusions. */
export function conditionsOf({ policies, exclusions }: CompiledPolicies): readonly CompiledCondition[] {
  const parts = [...policies.flatMap(({ rules }) => rules), ...exclusions]
  return [
    ...policies.flatMap(({ groups }) => groups.flatMap(({ alternatives }) => alternatives.flat())),
    ...parts.flatMap(({ conditions }) => Object.values(conditions).flat()),
  ]
}
