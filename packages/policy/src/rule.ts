import { type CheckedCondition, checkCondition, type PolicyCondition, quoted, record } from './condition.ts'
import { PolicyFault, within } from './fault.ts'
import { policyLimits } from './limits.ts'
import { inGroup, inRule } from './places.ts'

/** What a matching rule does: deny, pass with a warning, or pass and end the search. */
export const policyActions = ['block', 'alert', 'allow'] as const
/** One of `policyActions`. */
export type PolicyAction = (typeof policyActions)[number]

/** A rule: its conditions hold together. One without conditions holds for every image. */
export interface PolicyRule {
  readonly action: PolicyAction
  readonly conditions: readonly PolicyCondition[]
}

/** Where a policy applies. One without conditions applies everywhere. */
export interface PolicyGroup {
  readonly id: string
  readonly name: string
  readonly conditions: readonly PolicyCondition[]
}

/** A policy: rules, and the groups of images that it is for; none: all images. */
export interface Policy {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  /** The built-in one, which passes what no other policy decides. */
  readonly isDefault?: boolean
  readonly rules: readonly PolicyRule[]
  readonly groups: readonly PolicyGroup[]
}

/**
 * Reads the rules of a policy document: `{action, policy_rules_data: {conditions: […]}}`. `prevent` is read as `block`.
 * Every condition is understood here, or a PolicyFault says which is not and why.
 */
export function readRules(raw: unknown): readonly PolicyRule[] {
  return items(raw, 'rules', policyLimits.rules).map((item, index) =>
    within([index], () => {
      const name = `rule ${index + 1}`
      const rule = record(item, name)
      const action = readAction(rule['action'], name)
      const inside = rule['policy_rules_data']
      const conditions =
        inside === undefined || inside === null
          ? []
          : record(inside, `policy_rules_data of ${name}`)['conditions']
      const checked = within(['conditions'], () => checkConditions(conditions ?? [], name, inRule))
      return { action, conditions: checked.map(({ written }) => written) }
    }),
  )
}

/** Reads the conditions of a group: `[{prop, op?, value}]` on registry, repository and tag. */
export function readGroupConditions(raw: unknown): readonly PolicyCondition[] {
  return checkConditions(raw, 'the group', inGroup).map(({ written }) => written)
}

/** A condition of a rule with its operator spelled out. */
export function spelledOut(condition: PolicyCondition): PolicyCondition & { readonly op: string } {
  const { prop, op, value } = checkCondition(condition, inRule('the condition'))
  return { prop: prop.name, op, value }
}

/** A list of conditions, each with what was written and what was understood. */
export function checkConditions(
  raw: unknown,
  owner: string,
  place: typeof inRule,
): readonly { readonly written: PolicyCondition; readonly checked: CheckedCondition }[] {
  return items(raw, `conditions of ${owner}`, policyLimits.conditions).map((item, index) =>
    within([index], () => {
      const checked = checkCondition(item, place(`condition ${index + 1} of ${owner}`))
      return { written: item as PolicyCondition, checked }
    }),
  )
}

/** A list within its bound. */
export function items(raw: unknown, name: string, most: number): readonly unknown[] {
  if (!Array.isArray(raw)) throw new PolicyFault('invalid-value', `the ${name} are no list: ${quoted(raw)}`)
  if (raw.length > most) throw new PolicyFault('too-many', `${raw.length} ${name}, at most ${most} are taken`)
  return raw
}

function readAction(action: unknown, name: string): PolicyAction {
  const word = typeof action === 'string' ? action.trim().toLowerCase() : action
  if (word === 'prevent') return 'block'
  const found = policyActions.find((known) => known === word)
  if (found) return found
  throw new PolicyFault(
    'unknown-action',
    `${name} has the unknown action ${quoted(action)}; known are block, prevent, alert, allow`,
  )
}
