import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface AdvisoryState {
  readonly sequence: number
  readonly revision: string
  readonly changed_at: Date
  readonly applied_sequence: number
}

/** Which advisories the findings rest on. Global. */
export async function advisoryState(database: Database): Promise<AdvisoryState> {
  await sql`insert into advisory_state (singleton, sequence, revision, changed_at, applied_sequence)
    values (true, 0, '', now(), 0) on conflict do nothing`.execute(database)
  const { rows } = await sql<AdvisoryState>`
    select sequence, revision, changed_at, applied_sequence from advisory_state`.execute(database)
  return rows[0]
}

/**
 * The same inside a transaction, held until its end: no other revision is taken over while findings are written.
 * Global.
 */
export async function heldAdvisoryState(transaction: Database): Promise<AdvisoryState> {
  const { rows } = await sql<AdvisoryState>`
    select sequence, revision, changed_at, applied_sequence from advisory_state for share`.execute(
    transaction,
  )
  return rows[0] ?? { sequence: 0, revision: '', changed_at: new Date(0), applied_sequence: 0 }
}

/**
 * Lets the statements of this transaction take their time: a change that concerns every image writes hundreds of thousands
 * of rows, and nobody waits for it. Global.
 */
export async function unhurried(transaction: Database): Promise<void> {
  await sql`set local statement_timeout = '15min'`.execute(transaction)
}

/** Takes a revision over: from here on, findings are made with it. Global. */
export async function takeOverRevision(database: Database, revision: string, now: Date): Promise<number> {
  const { rows } = await sql<{ sequence: number }>`
    update advisory_state set sequence = sequence + 1, revision = ${revision}, changed_at = ${now}
    returning sequence`.execute(database)
  return rows[0].sequence
}

/** Notes that all changes up to this sequence are in the findings. Global. */
export async function noteApplied(database: Database, sequence: number): Promise<void> {
  await sql`update advisory_state set applied_sequence = greatest(applied_sequence, ${sequence})`.execute(
    database,
  )
}
