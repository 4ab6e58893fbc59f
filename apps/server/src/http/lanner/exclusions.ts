import type { Handlers } from '@lanner/contract'
import type { exclusions } from '@lanner/contract/lanner'
import type { ListedExclusion } from '../../use-cases/exclusion-list.ts'
import type { PolicyServices } from '../../use-cases/policy-services.ts'
import { copied } from '../falcon/policy-entities.ts'

export const exclusionHandlers: Handlers<typeof exclusions, PolicyServices> = {
  async ListExclusions({ caller, query }, { policyExclusions }) {
    const { limit, offset, state, expiring_within_days: expiringWithin } = query
    const { exclusions, total } = await policyExclusions.list(caller.cid, {
      limit,
      offset,
      expiringWithin,
      // The parameter takes no other words.
      ...(state === undefined ? {} : { state: state as 'active' | 'expired' | 'unmatched' | 'expiring' }),
    })
    return { resources: exclusions.map(toExclusion), pagination: { limit, offset, total } }
  },
}

function toExclusion({ exclusion, state, expiresAt, used }: ListedExclusion) {
  const { id, prop, op, value, and, scope, description, author, createdAt, updatedAt, vex } = exclusion
  return {
    id,
    prop,
    op,
    value: [...value],
    and: [...(and ?? [])],
    scope: scope ? copied(scope) : null,
    description: description ?? '',
    author,
    created_at: createdAt,
    updated_at: updatedAt,
    expires_at: expiresAt ?? null,
    state,
    first_matched_at: used?.first.toISOString() ?? null,
    last_matched_at: used?.last.toISOString() ?? null,
    vex: vex
      ? {
          document: vex.document,
          version: vex.version,
          author: vex.author,
          vulnerability: vex.vulnerability,
          status: vex.status,
          justification: vex.justification ?? null,
          stated_at: vex.statedAt,
        }
      : null,
  }
}
