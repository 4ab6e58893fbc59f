import type { ConditionPlace } from './condition.ts'
import type { Prop } from './prop.ts'
import { vocabulary } from './rules/vocabulary.ts'

const all: ReadonlyMap<string, Prop> = new Map(vocabulary.map((prop) => [prop.name, prop]))

function chosen(accepts: (prop: Prop) => boolean): ReadonlyMap<string, Prop> {
  return new Map(vocabulary.filter(accepts).map((prop) => [prop.name, prop]))
}

const ruleProps = chosen((prop) => !prop.exclusionsOnly)
const groupProps = chosen(({ name }) => name === 'registry' || name === 'repository' || name === 'tag')
const exclusionProps = chosen(({ subject }) => subject !== 'image')

/** A condition of a rule. */
export function inRule(name: string): ConditionPlace {
  return { name, kind: 'a rule', props: ruleProps, elsewhere: all, members: ['description'] }
}
/** A condition of a group. */
export function inGroup(name: string): ConditionPlace {
  return { name, kind: 'a group', props: groupProps, elsewhere: all, members: ['description'] }
}
/** An exclusion, which may say more than a condition. */
export function inExclusion(name: string): ConditionPlace {
  return {
    name,
    kind: 'an exclusion (images are chosen by its scope)',
    props: exclusionProps,
    elsewhere: all,
    members: ['description', 'ttl', 'and', 'scope', 'created_at', 'updated_at', 'expires_at'],
  }
}
/** A further condition of an exclusion. */
export function furtherInExclusion(name: string): ConditionPlace {
  return { ...inExclusion(name), members: ['description'] }
}
/** A member of an exclusion's scope. */
export function inScope(name: string): ConditionPlace {
  return { name, kind: 'a scope', props: groupProps, elsewhere: all, members: [] }
}
