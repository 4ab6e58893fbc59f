import { randomUUID } from 'node:crypto'
import { PolicyFault } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { insertPolicyAudit, raisePolicyRevision } from '../db/policy-revision.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from './clients.ts'
import type { PolicySets } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** What changes of policies need. */
export interface PolicyPorts {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly sets: PolicySets
}

/** What the trail of changes names. */
export type PolicyAction =
  | 'policy_create'
  | 'policy_update'
  | 'policy_delete'
  | 'group_create'
  | 'group_update'
  | 'group_delete'
  | 'exclusions_update'
  | 'precedence_update'
  | 'vex_import'

/** A change that was made, for the trail. */
export interface Change<Result> {
  readonly result: Result
  readonly subject: string
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * Makes one change: the revision is raised, the change made and told of in one transaction, one at a time for a tenant.
 * What the policies room refuses becomes a refusal of the request.
 */
export async function changePolicies<Result>(
  { database, clock, sets }: PolicyPorts,
  by: Actor,
  action: PolicyAction,
  work: (database: Database, now: Date) => Promise<Change<Result>>,
): Promise<Result> {
  const now = new Date(clock())
  try {
    return await transaction(database, async (inside) => {
      await raisePolicyRevision(inside, by.cid)
      const { result, subject, before, after } = await work(inside, now)
      const entry = { id: randomUUID(), at: now, actor: by.actor, action, subject, before, after }
      await insertPolicyAudit(inside, by.cid, entry)
      return result
    })
  } catch (fault) {
    if (fault instanceof PolicyFault) throw new RequestFault('invalid', fault.message)
    throw fault
  } finally {
    sets.changed(by.cid)
  }
}

/** Longest name and description of a policy or a group, in characters. */
const policyTextLimits = { name: 200, description: 4096 } as const

export function checkedName(name: unknown, of: string): string {
  const trimmed = typeof name === 'string' ? name.trim() : ''
  if (
    trimmed === '' ||
    trimmed.length > policyTextLimits.name ||
    /\p{Cc}/u.test(trimmed) ||
    !trimmed.isWellFormed()
  )
    throw new RequestFault(
      'invalid',
      `name: ${of} needs a name of 1 to ${policyTextLimits.name} printable characters`,
    )
  return trimmed
}

export function checkedDescription(description: unknown): string {
  if (description === undefined || description === null) return ''
  if (typeof description !== 'string' || description.length > policyTextLimits.description)
    throw new RequestFault(
      'invalid',
      `description: a text of at most ${policyTextLimits.description} characters is taken`,
    )
  return description.toWellFormed().replaceAll('\0', '\ufffd')
}

/** The id in lower case; `what` is `policy` or `group`. */
export function checkedId(id: unknown, what: string): string {
  if (typeof id === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id.trim()))
    return id.trim().toLowerCase()
  const shown = typeof id === 'string' ? id.slice(0, 80) : String(id)
  throw new RequestFault(
    'invalid',
    `id: '${shown}' is no ${what} id; it has the form 8-4-4-4-12 of hex digits`,
  )
}
