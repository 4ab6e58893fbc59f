import type { PolicyRule } from '@lanner/policy'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { storableJson } from './storable.ts'

export interface PolicyRecord {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly precedence: number
  readonly rules: readonly PolicyRule[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

const columns = [
  'policy_id as id',
  'name',
  'description',
  'is_enabled as enabled',
  'precedence',
  'rules',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const

/** A tenant's policies, highest precedence first. */
export async function listPolicies(database: Database, cid: string): Promise<readonly PolicyRecord[]> {
  return database
    .selectFrom('policy')
    .select(columns)
    .where('cid', '=', cid)
    .orderBy('precedence')
    .orderBy('policy_id')
    .execute()
}

export async function insertPolicy(database: Database, cid: string, policy: PolicyRecord): Promise<void> {
  await database
    .insertInto('policy')
    .values({
      cid,
      policy_id: policy.id,
      name: policy.name,
      description: policy.description,
      is_enabled: policy.enabled,
      precedence: policy.precedence,
      rules: storableJson(policy.rules),
      created_at: policy.createdAt,
      updated_at: policy.updatedAt,
    })
    .execute()
}

/** Writes what can be changed of a policy; its place in the order stays. */
export async function updatePolicy(database: Database, cid: string, policy: PolicyRecord): Promise<void> {
  await database
    .updateTable('policy')
    .set({
      name: policy.name,
      description: policy.description,
      is_enabled: policy.enabled,
      rules: storableJson(policy.rules),
      updated_at: policy.updatedAt,
    })
    .where('cid', '=', cid)
    .where('policy_id', '=', policy.id)
    .execute()
}

/** Takes a policy away; its groups stay without one, and those after it move up. */
export async function deletePolicy(database: Database, cid: string, policy: PolicyRecord): Promise<void> {
  await database.deleteFrom('policy').where('cid', '=', cid).where('policy_id', '=', policy.id).execute()
  await database
    .updateTable('policy_group')
    .set({ policy_id: null })
    .where('cid', '=', cid)
    .where('policy_id', '=', policy.id)
    .execute()
  await database
    .updateTable('policy')
    .set((eb) => ({ precedence: eb('precedence', '-', 1) }))
    .where('cid', '=', cid)
    .where('precedence', '>', policy.precedence)
    .execute()
}

/** Numbers the policies in this order, from 1. */
export async function orderPolicies(database: Database, cid: string, ids: readonly string[]): Promise<void> {
  await sql`
    update policy set precedence = ordered.place
    from unnest(${[...ids]}::uuid[]) with ordinality as ordered (id, place)
    where policy.cid = ${cid} and policy.policy_id = ordered.id`.execute(database)
}
