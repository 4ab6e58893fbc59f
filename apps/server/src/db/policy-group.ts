import type { PolicyCondition } from '@lanner/policy'
import type { Database } from './database.ts'
import { storableJson } from './storable.ts'

export interface PolicyGroupRecord {
  readonly id: string
  readonly policyId: string | null
  readonly name: string
  readonly description: string
  readonly conditions: readonly PolicyCondition[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

const columns = [
  'group_id as id',
  'policy_id as policyId',
  'name',
  'description',
  'conditions',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const

/** A tenant's groups, oldest first. */
export async function listPolicyGroups(
  database: Database,
  cid: string,
): Promise<readonly PolicyGroupRecord[]> {
  return database
    .selectFrom('policy_group')
    .select(columns)
    .where('cid', '=', cid)
    .orderBy('created_at')
    .orderBy('group_id')
    .execute()
}

export async function insertPolicyGroup(
  database: Database,
  cid: string,
  group: PolicyGroupRecord,
): Promise<void> {
  await database
    .insertInto('policy_group')
    .values({
      cid,
      group_id: group.id,
      policy_id: group.policyId,
      name: group.name,
      description: group.description,
      conditions: storableJson(group.conditions),
      created_at: group.createdAt,
      updated_at: group.updatedAt,
    })
    .execute()
}

/** Writes what can be changed of a group. */
export async function updatePolicyGroup(
  database: Database,
  cid: string,
  group: PolicyGroupRecord,
): Promise<void> {
  await database
    .updateTable('policy_group')
    .set({
      policy_id: group.policyId,
      name: group.name,
      description: group.description,
      conditions: storableJson(group.conditions),
      updated_at: group.updatedAt,
    })
    .where('cid', '=', cid)
    .where('group_id', '=', group.id)
    .execute()
}

export async function deletePolicyGroup(database: Database, cid: string, id: string): Promise<void> {
  await database.deleteFrom('policy_group').where('cid', '=', cid).where('group_id', '=', id).execute()
}
