import { randomUUID } from 'node:crypto'
import { type ReadExclusion, readExclusions } from '@lanner/policy'
import { deleteExclusionUse } from '../db/exclusion-use.ts'
import { findPolicyExclusions, replacePolicyExclusions } from '../db/policy-exclusions.ts'
import { findTenant } from '../db/tenant.ts'
import type { Actor } from './clients.ts'
import { type ExclusionSelection, type ListedExclusion, listedExclusions } from './exclusion-list.ts'
import type { ExclusionUse } from './exclusion-use.ts'
import { changePolicies, type PolicyPorts } from './policy-change.ts'
import type { StoredExclusion } from './policy-set.ts'

/** The one list of exclusions of a tenant. */
export interface ExclusionList {
  readonly exclusions: readonly StoredExclusion[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface PolicyExclusions {
  read(cid: string): Promise<ExclusionList>
  /** A page of them, with when they end and when they covered something. */
  list(
    cid: string,
    selection: ExclusionSelection & { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly exclusions: readonly ListedExclusion[]; readonly total: number }>
  /**
   * Puts a list in the place of the one that is there. An exclusion that comes back unchanged with the `updated_at` that it
   * was answered with goes on as it was; any other begins now, and so does its ttl.
   */
  replace(by: Actor, conditions: unknown): Promise<ExclusionList>
}

export function policyExclusions(
  ports: PolicyPorts & { readonly use: Pick<ExclusionUse, 'of'> },
): PolicyExclusions {
  const { database, use, clock } = ports
  return {
    async list(cid, { limit, offset, ...selection }) {
      const kept = (await findPolicyExclusions(database, cid))?.conditions ?? []
      const all = listedExclusions(kept, await use.of(cid), selection, clock())
      return { exclusions: all.slice(offset, offset + limit), total: all.length }
    },
    async read(cid) {
      const found = await findPolicyExclusions(database, cid)
      if (found)
        return { exclusions: found.conditions, createdAt: found.createdAt, updatedAt: found.updatedAt }
      const at = (await findTenant(database, cid))?.createdAt ?? new Date(0)
      return { exclusions: [], createdAt: at, updatedAt: at }
    },
    replace(by, conditions) {
      return changePolicies(ports, by, 'exclusions_update', async (inside, now) => {
        const before = (await findPolicyExclusions(inside, by.cid))?.conditions ?? []
        const read = readExclusions(conditions)
        const sent = conditions as readonly Readonly<Record<string, unknown>>[]
        const known = new Map(before.map((exclusion) => [content(exclusion), exclusion]))
        const after = read.map((exclusion, index): StoredExclusion => {
          const same = known.get(content(exclusion))
          if (same) known.delete(content(exclusion))
          if (same && sent[index]?.['updated_at'] === same.updatedAt) return same
          const at = now.toISOString()
          return {
            ...exclusion,
            id: same?.id ?? randomUUID(),
            author: by.actor,
            createdAt: same?.createdAt ?? at,
            updatedAt: at,
            ...(same?.vex ? { vex: same.vex } : {}),
          }
        })
        await deleteExclusionUse(
          inside,
          by.cid,
          after.map(({ id }) => id),
        )
        const kept = await replacePolicyExclusions(inside, by.cid, after, now)
        return {
          result: { exclusions: kept.conditions, createdAt: kept.createdAt, updatedAt: kept.updatedAt },
          subject: 'exclusions',
          before,
          after,
        }
      })
    },
  }
}

/** What makes an exclusion the same as another, whoever wrote it and when. */
function content({ prop, op, value, and, scope, description, ttl }: ReadExclusion): string {
  return JSON.stringify([prop, op, value, and, scope, description, ttl].map(sorted))
}

/** With the members of objects in one order, whichever jsonb keeps them in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.entries(value)
    .map(([name, item]) => [name, sorted(item)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
