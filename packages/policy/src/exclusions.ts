import { type CheckedCondition, checkCondition, type PolicyCondition, quoted, record } from './condition.ts'
import type { PolicyPlace } from './facts.ts'
import { PolicyFault, within } from './fault.ts'
import { policyLimits } from './limits.ts'
import { furtherInExclusion, inExclusion, inScope } from './places.ts'
import type { Operator, Prop } from './prop.ts'
import { checkConditions, items } from './rule.ts'
import { detectionPath } from './rules/path.ts'

/** Where an exclusion holds; every member that is given must fit, any of its values. */
export interface ExclusionScope {
  readonly registry?: string | readonly string[]
  readonly repository?: string | readonly string[]
  readonly tag?: string | readonly string[]
  /** Digest of the image's manifest or of its index. */
  readonly digest?: string | readonly string[]
  /** Diff id of a layer, or `base`, `own`. */
  readonly layer?: string | readonly string[]
}

/** What no longer counts against an image: findings, packages or detections. */
export interface Exclusion extends PolicyCondition {
  /** Further conditions that must hold as well. */
  readonly and?: readonly PolicyCondition[]
  readonly scope?: ExclusionScope
  /** Why. */
  readonly description?: string
  /** Seconds from `updatedAt`; absent or 0: no end. */
  readonly ttl?: number
  /** RFC 3339. */
  readonly updatedAt?: string
}

/** What an exclusion takes away. A path alone takes away packages and detections alike. */
export type ExclusionTarget = 'findings' | 'packages' | 'detections' | 'places'

/** An exclusion that was understood. */
export interface CheckedExclusion {
  readonly target: ExclusionTarget
  readonly conditions: readonly CheckedCondition[]
  /** Conditions on the image that its scope stands for. */
  readonly image: readonly CheckedCondition[]
  readonly digests?: ReadonlySet<string>
  readonly layers?: ReadonlySet<string>
  /** Milliseconds since 1970 at which it ends. */
  readonly expiresAt?: number
}

/** An exclusion with its operator spelled out and its values as a list of texts. */
export interface ReadExclusion extends Exclusion {
  readonly op: Operator
  readonly value: readonly string[]
}

/** Reads the exclusions of a document: `[{prop, value: […], op?, and?, scope?, description?, ttl?}]`. */
export function readExclusions(raw: unknown): readonly ReadExclusion[] {
  return items(raw, 'exclusions', policyLimits.exclusions).map((item, index) =>
    within([index], () => readExclusion(item, `exclusion ${index + 1}`)),
  )
}

function readExclusion(item: unknown, name: string): ReadExclusion {
  const members = record(item, name)
  const { prop, and, scope, description, ttl } = members
  const further =
    and === undefined || and === null ? [] : items(and, `and of ${name}`, policyLimits.conditions)
  if (description !== undefined && typeof description !== 'string')
    throw new PolicyFault('invalid-value', `${name}: the description ${quoted(description)} is no text`)
  const { op, value } = checkCondition(item, inExclusion(name))
  const ends = seconds(ttl, name)
  const exclusion: ReadExclusion = {
    prop: prop as string,
    op,
    value: (Array.isArray(value) ? value : [value]).map((one) => String(one).trim()),
    ...(further.length > 0 ? { and: further as readonly PolicyCondition[] } : {}),
    ...(scope === undefined || scope === null ? {} : { scope: scope as ExclusionScope }),
    ...(description ? { description } : {}),
    ...(ends > 0 ? { ttl: ends } : {}),
  }
  checkExclusion(exclusion, name)
  return exclusion
}

/** Understands one exclusion. */
export function checkExclusion(exclusion: Exclusion, name: string): CheckedExclusion {
  const { prop, op, value, and, scope, ttl, updatedAt } = exclusion
  const first = checkCondition({ prop, ...(op ? { op } : {}), value }, furtherInExclusion(name))
  const further = within(['and'], () => checkConditions(and ?? [], name, furtherInExclusion)).map(
    ({ checked }) => checked,
  )
  const conditions = [first, ...further]
  const target = targetOf(conditions, name)
  const start = updatedAt === undefined ? Number.NaN : Date.parse(updatedAt)
  return {
    target,
    conditions,
    ...within(['scope'], () => checkScope(scope, `the scope of ${name}`)),
    ...(ttl && Number.isFinite(start) ? { expiresAt: start + ttl * 1000 } : {}),
  }
}

/** The instant at which an exclusion ends, RFC 3339; undefined for one without an end. */
export function exclusionExpiry(exclusion: Pick<Exclusion, 'ttl' | 'updatedAt'>): string | undefined {
  if (!exclusion.ttl || exclusion.updatedAt === undefined) return undefined
  return new Date(Date.parse(exclusion.updatedAt) + exclusion.ttl * 1000).toISOString()
}

/** Whether every place of a thing lies in the layers that a scope names; a thing without a known place does not. */
export function placesWithin(places: readonly PolicyPlace[], layers: ReadonlySet<string>): boolean {
  return (
    places.length > 0 &&
    places.every(
      ({ layer, origin }) =>
        (layer !== '' && layers.has(layer)) || (origin !== undefined && layers.has(origin)),
    )
  )
}

/** The conditions as they are asked of detections: both have paths. */
export function asDetectionConditions(conditions: readonly CheckedCondition[]): readonly CheckedCondition[] {
  return conditions.map((condition) =>
    condition.prop.name === 'path' ? { ...condition, prop: detectionPath satisfies Prop } : condition,
  )
}

function targetOf(conditions: readonly CheckedCondition[], name: string): ExclusionTarget {
  const speaksOf = (subject: Prop['subject']) =>
    conditions.some(({ prop }) => prop.subject === subject && prop.name !== 'path')
  const [finding, pkg, detection] = [speaksOf('vulnerability'), speaksOf('package'), speaksOf('detection')]
  if (detection && (finding || pkg))
    throw new PolicyFault(
      'misplaced-prop',
      `${name} speaks of detections and of ${finding ? 'vulnerabilities' : 'packages'}, which nothing is at once; write two`,
    )
  if (finding) return 'findings'
  if (pkg) return 'packages'
  return detection ? 'detections' : 'places'
}

/** Ten thousand years; beyond them instants cannot be written. */
const mostSeconds = 315_360_000_000

function seconds(ttl: unknown, name: string): number {
  if (ttl === undefined || ttl === null) return 0
  if (typeof ttl === 'number' && Number.isFinite(ttl) && ttl >= 0 && ttl <= mostSeconds) return ttl
  throw new PolicyFault('invalid-value', `${name}: the ttl ${quoted(ttl)} is no number of seconds`)
}

const scopeMembers = ['registry', 'repository', 'tag', 'digest', 'layer']

function checkScope(raw: unknown, name: string): Pick<CheckedExclusion, 'image' | 'digests' | 'layers'> {
  if (raw === undefined || raw === null) return { image: [] }
  const scope = record(raw, name)
  const stranger = Object.keys(scope).find((member) => !scopeMembers.includes(member))
  if (stranger !== undefined)
    throw new PolicyFault(
      'unknown-member',
      `${name} has the unknown member ${quoted(stranger)}; known are ${scopeMembers.join(', ')}`,
    )
  const image = ['registry', 'repository', 'tag']
    .filter((member) => scope[member] !== undefined && scope[member] !== null)
    .map((prop) => checkCondition({ prop, op: 'in', value: scope[prop] }, inScope(name)))
  const [digests, layers] = [texts(scope['digest'], name), texts(scope['layer'], name)]
  return { image, ...(digests ? { digests } : {}), ...(layers ? { layers } : {}) }
}

function texts(value: unknown, name: string): ReadonlySet<string> | undefined {
  if (value === undefined || value === null) return undefined
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const found = list.filter(
    (item) => typeof item === 'string' && item !== '' && item.length <= policyLimits.valueText,
  )
  if (list.length === 0 || found.length !== list.length || list.length > policyLimits.values)
    throw new PolicyFault('invalid-value', `${name}: ${quoted(value)} is no digest or list of digests`)
  return new Set((found as readonly string[]).map((item) => item.trim().toLowerCase()))
}
