import { sql } from 'kysely'
import type { Database } from './database.ts'
import { storableJson } from './storable.ts'

/** How often a tenant's policies were changed. */
export async function policyRevision(database: Database, cid: string): Promise<number> {
  const row = await database
    .selectFrom('policy_revision')
    .select('revision')
    .where('cid', '=', cid)
    .executeTakeFirst()
  return row?.revision ?? 0
}

/** Raises the revision and locks it until the transaction ends: changes of one tenant's policies follow each other. */
export async function raisePolicyRevision(database: Database, cid: string): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    insert into policy_revision (cid, revision) values (${cid}, 1)
    on conflict (cid) do update set revision = policy_revision.revision + 1 returning revision`.execute(
    database,
  )
  return rows[0]?.revision ?? 0
}

/** Locks the revision as it is until the transaction ends. */
export async function lockPolicyRevision(database: Database, cid: string): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    insert into policy_revision (cid, revision) values (${cid}, 0)
    on conflict (cid) do update set revision = policy_revision.revision returning revision`.execute(database)
  return rows[0]?.revision ?? 0
}

/** A line of the trail of changes. */
export interface PolicyAuditRecord {
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly before: unknown
  readonly after: unknown
}

export async function insertPolicyAudit(
  database: Database,
  cid: string,
  entry: PolicyAuditRecord,
): Promise<void> {
  await database
    .insertInto('policy_audit')
    .values({
      cid,
      audit_id: entry.id,
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      before: entry.before === undefined ? null : storableJson(entry.before),
      after: entry.after === undefined ? null : storableJson(entry.after),
    })
    .execute()
}

/** A tenant's trail of changes, newest first. */
export async function listPolicyAudit(
  database: Database,
  cid: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly PolicyAuditRecord[]> {
  return database
    .selectFrom('policy_audit')
    .select(['audit_id as id', 'at', 'actor', 'action', 'subject', 'before', 'after'])
    .where('cid', '=', cid)
    .orderBy('at', 'desc')
    .orderBy('audit_id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

/** How long the trail is, counted up to `most`. */
export async function countPolicyAudit(database: Database, cid: string, most: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from (select 1 from policy_audit where cid = ${cid} limit ${most}) as counted`.execute(
    database,
  )
  return rows[0]?.total ?? 0
}
