import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { insertAuditEvent } from '../db/audit.ts'
import type { Database } from '../db/database.ts'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import { forgetOld } from './retention.ts'

const now = new Date('2026-06-30T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const tenants = ['a'.repeat(32), 'b'.repeat(32)]

/** For each tenant one record of each kind, so many days old each. */
async function fill(database: Database, ages: readonly number[]): Promise<void> {
  for (const cid of tenants) {
    await insertTenant(database, cid, cid)
    for (const at of ages.map(daysAgo)) {
      const id = randomUUID()
      await insertAuditEvent(database, cid, { id, at, action: 'x', actor: 'y', outcome: 'success' })
      await sql`insert into installation_audit (cid, event_id, token_id, action, actor, description, at)
        values (${cid}, ${id}, 't', 'x', 'y', '', ${at})`.execute(database)
      await sql`insert into assessment_history (cid, history_id, at, registry, repository, tag, digest, outcome)
        values (${cid}, ${id}, ${at}, 'r', 'r', 't', 'd', 'assessed')`.execute(database)
      await sql`insert into job_history (cid, id, name, key, priority, resource, outcome, attempts, payload, enqueued_at, finished_at)
        values (${cid}, ${id}, 'n', 'k', 0, '', 'done', 1, '{}', ${at}, ${at})`.execute(database)
    }
  }
}

async function left(database: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of ['audit_event', 'installation_audit', 'assessment_history', 'job_history']) {
    const { rows } = await sql<{
      count: number
    }>`select count(*) as count from ${sql.table(table)} /* every tenant: counted here */`.execute(database)
    counts[table] = rows[0]?.count ?? 0
  }
  return counts
}

test('records of every tenant go at their age, and not before', async (t) => {
  const { database } = await testDatabase(t)
  await fill(database, [0, 89, 91, 399, 401])
  const retention = { auditDays: 400, assessmentDays: 90, jobDays: 0 }
  // Two trails of two tenants lose one each; of assessments three of five are older than 90 days.
  const forgotten = { audited: 4, assessments: 6, jobs: 0 }
  assert.deepEqual(await forgetOld({ database, now }, retention), forgotten)
  const counts = { audit_event: 8, installation_audit: 8, assessment_history: 4, job_history: 10 }
  assert.deepEqual(await left(database), counts)
  assert.deepEqual(await forgetOld({ database, now }, { ...retention, jobDays: 90 }), {
    audited: 0,
    assessments: 0,
    jobs: 6,
  })
})

test('more than one batch goes in one run', async (t) => {
  const { database } = await testDatabase(t)
  await fill(database, [])
  await sql`insert into audit_event (id, cid, at, action, actor, outcome)
    select gen_random_uuid(), ${tenants[0]!}, ${daysAgo(500)}, 'x', 'y', 'success' from generate_series(1, 10001)`.execute(
    database,
  )
  const { audited } = await forgetOld({ database, now }, { auditDays: 1, assessmentDays: 1, jobDays: 1 })
  assert.equal(audited, 10_001)
})
