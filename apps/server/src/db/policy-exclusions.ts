import type { Database } from './database.ts'
import { storableJson } from './storable.ts'
import type { StoredExclusion } from './tables/policy.ts'

/** The one list of exclusions of a tenant. */
export interface PolicyExclusionsRecord {
  readonly conditions: readonly StoredExclusion[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Undefined while none was ever written. */
export async function findPolicyExclusions(
  database: Database,
  cid: string,
): Promise<PolicyExclusionsRecord | undefined> {
  return database
    .selectFrom('policy_exclusions')
    .select(['conditions', 'created_at as createdAt', 'updated_at as updatedAt'])
    .where('cid', '=', cid)
    .executeTakeFirst()
}

/** Puts a list in the place of the one that is there. */
export async function replacePolicyExclusions(
  database: Database,
  cid: string,
  conditions: readonly StoredExclusion[],
  now: Date,
): Promise<PolicyExclusionsRecord> {
  const json = storableJson(conditions)
  return database
    .insertInto('policy_exclusions')
    .values({ cid, conditions: json, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('cid').doUpdateSet({ conditions: json, updated_at: now }))
    .returning(['conditions', 'created_at as createdAt', 'updated_at as updatedAt'])
    .executeTakeFirstOrThrow()
}
