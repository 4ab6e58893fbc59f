import {
  type PolicyCondition,
  PolicyFault,
  type PolicyRule,
  policyLimits,
  type ReadExclusion,
  readExclusions,
  readGroupConditions,
  readRules,
} from '@lanner/policy'
import { maxPolicies } from './policies.ts'
import { checkedDescription, checkedName } from './policy-change.ts'
import type { PolicyDocument } from './policy-document-form.ts'
import { maxPolicyGroups } from './policy-groups.ts'
import { defaultPolicyName } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** A document that was understood: every member there, every condition checked. */
export interface ReadDocument {
  readonly policies?: readonly ReadPolicy[]
  readonly groups?: readonly ReadGroup[]
  readonly exclusions?: readonly ReadDocumentExclusion[]
}

export interface ReadPolicy {
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly rules: readonly PolicyRule[]
  readonly groups: readonly ReadGroup[]
}

export interface ReadGroup {
  /** `policies[2].groups[0]`, for messages. */
  readonly place: string
  readonly name: string
  readonly description: string
  readonly conditions: readonly PolicyCondition[]
}

/** An exclusion; one that names its end has no `ttl`. */
export interface ReadDocumentExclusion extends ReadExclusion {
  readonly place: string
  /** Milliseconds since 1970. */
  readonly expires?: number
}

const known = {
  document: ['version', 'policies', 'groups', 'exclusions'],
  policy: ['name', 'description', 'enabled', 'rules', 'groups'],
  rule: ['action', 'conditions'],
  group: ['name', 'description', 'conditions'],
  exclusion: ['prop', 'op', 'value', 'and', 'scope', 'description', 'ttl', 'expires'],
} as const

/** Understands a document. A RequestFault names the place of what is wrong: `policies[2].rules[0].conditions[1]: …`. */
export function readPolicyDocument(raw: PolicyDocument): ReadDocument {
  const document = membersOf(raw, '', known.document)
  const { version } = document
  if (version !== undefined && version !== 1)
    throw refused('version', `${shown(version)} is not known; documents of version 1 are read`)
  const policies = list(document['policies'], 'policies', maxPolicies)?.map((item, index) =>
    readPolicy(item, `policies[${index}]`),
  )
  const groups = readGroups(document['groups'], 'groups')
  const exclusions = readDocumentExclusions(document['exclusions'])
  const all = [...(policies?.flatMap((policy) => policy.groups) ?? []), ...(groups ?? [])]
  if (all.length > maxPolicyGroups)
    throw refused('policies', `${all.length} groups, at most ${maxPolicyGroups} are taken`)
  checkNames(policies?.map(({ name }, index) => ({ name, place: `policies[${index}]` })) ?? [], 'policy')
  checkNames(all, 'group')
  return {
    ...(policies ? { policies } : {}),
    ...(groups ? { groups } : {}),
    ...(exclusions ? { exclusions } : {}),
  }
}

function readPolicy(raw: unknown, place: string): ReadPolicy {
  const policy = membersOf(raw, place, known.policy)
  const { enabled, rules } = policy
  if (enabled !== undefined && typeof enabled !== 'boolean')
    throw refused(`${place}.enabled`, `${shown(enabled)} is neither true nor false`)
  const name = at(place, () => checkedName(policy['name'], 'a policy'))
  if (name === defaultPolicyName)
    throw refused(place, `the policy '${name}' is built in: it cannot be changed and stands in no document`)
  return {
    name,
    description: at(place, () => checkedDescription(policy['description'])),
    enabled: enabled ?? true,
    rules: readDocumentRules(rules, `${place}.rules`),
    groups: readGroups(policy['groups'], `${place}.groups`) ?? [],
  }
}

function readDocumentRules(raw: unknown, place: string): readonly PolicyRule[] {
  const rules = list(raw, place, policyLimits.rules) ?? []
  const written = rules.map((item, index) => {
    const { action, conditions } = membersOf(item, `${place}[${index}]`, known.rule)
    return { action, policy_rules_data: { conditions } }
  })
  return at(place, () => readRules(written))
}

function readGroups(raw: unknown, place: string): readonly ReadGroup[] | undefined {
  return list(raw, place, maxPolicyGroups)?.map((item, index) => {
    const own = `${place}[${index}]`
    const group = membersOf(item, own, known.group)
    return {
      place: own,
      name: at(own, () => checkedName(group['name'], 'a group')),
      description: at(own, () => checkedDescription(group['description'])),
      conditions: at(`${own}.conditions`, () => readGroupConditions(group['conditions'] ?? [])),
    }
  })
}

function readDocumentExclusions(raw: unknown): readonly ReadDocumentExclusion[] | undefined {
  const written = list(raw, 'exclusions', policyLimits.exclusions)?.map((item, index) => {
    const place = `exclusions[${index}]`
    const { expires, ...rest } = membersOf(item, place, known.exclusion)
    if (expires !== undefined && rest['ttl'] !== undefined)
      throw refused(place, 'it has both ttl and expires; one of them says when it ends')
    return { rest, place, expires: expires === undefined ? undefined : readEnd(expires, `${place}.expires`) }
  })
  if (!written) return undefined
  const read = at('exclusions', () => readExclusions(written.map(({ rest }) => rest)))
  return written.map(({ place, expires }, index) => {
    // There is one for each that was written.
    const exclusion = read[index] as ReadExclusion
    return { ...exclusion, place, ...(expires === undefined ? {} : { expires }) }
  })
}

// RFC 3339 section 5.6, or its full-date alone.
const end = /^(?<date>\d{4}-\d{2}-\d{2})(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2}))?$/

function readEnd(raw: unknown, place: string): number {
  const { date } = (typeof raw === 'string' ? end.exec(raw.trim())?.groups : undefined) ?? {}
  const at = date === undefined ? Number.NaN : Date.parse(String(raw).trim().replace(' ', 'T').toUpperCase())
  // The thirtieth of February is read as a day in March.
  const day = Date.parse(`${date}T00:00:00Z`)
  if (!Number.isNaN(at) && new Date(day).toISOString().startsWith(date ?? '')) return at
  throw refused(
    place,
    `${shown(raw)} is no instant of RFC 3339, such as 2027-01-31T12:00:00Z, and no day, such as 2027-01-31`,
  )
}

function checkNames(named: readonly { readonly name: string; readonly place: string }[], kind: string): void {
  const first = new Map<string, string>()
  for (const { name, place } of named) {
    const earlier = first.get(name)
    if (earlier !== undefined)
      throw refused(
        place,
        `the ${kind} '${name}' stands at ${earlier} already; a name stands for one ${kind}`,
      )
    first.set(name, place)
  }
}

/** The members of an object, without those that are null, which say nothing. */
function membersOf(raw: unknown, place: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw refused(place, `${shown(raw)} is no object`)
  const stranger = Object.keys(raw).find((name) => !names.includes(name))
  if (stranger !== undefined)
    throw refused(
      `${place}${step(stranger, place === '')}`,
      `this member is not known; known are ${names.join(', ')}`,
    )
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null))
}

function list(raw: unknown, place: string, most: number): readonly unknown[] | undefined {
  if (raw === undefined || raw === null) return undefined
  if (!Array.isArray(raw)) throw refused(place, `${shown(raw)} is no list`)
  if (raw.length > most) throw refused(place, `${raw.length} in this list, at most ${most} are taken`)
  return raw
}

/** What a part says is wrong with it gets the part's place. */
function at<Read>(place: string, read: () => Read): Read {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof PolicyFault)
      throw refused(`${place}${fault.place.map((part) => step(part)).join('')}`, fault.message)
    if (fault instanceof RequestFault) throw refused(place, fault.message)
    throw fault
  }
}

function step(part: string | number, isFirst = false): string {
  if (typeof part === 'number') return `[${part}]`
  if (!/^[A-Za-z_][\w-]{0,63}$/.test(part)) return `[${JSON.stringify(part.slice(0, 80))}]`
  return isFirst ? part : `.${part}`
}

/** A refusal that names the place in the document. */
export function refused(place: string, message: string): RequestFault {
  return new RequestFault('invalid', `${place === '' ? 'the document' : place}: ${message}`)
}

function shown(value: unknown): string {
  const written = typeof value === 'string' ? `'${value.slice(0, 100)}'` : kindOf(value)
  return written.length > 80 ? `${written.slice(0, 77)}...` : written
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
