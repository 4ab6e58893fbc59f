import { createHash } from 'node:crypto'
import type pg from 'pg'
import { DatabaseFault, errorCode, statementFault } from './database-fault.ts'

/** One numbered step of the schema, forward only. */
export interface Migration {
  /** `0001_identity`: the order is that of the names. */
  readonly name: string
  readonly sql: string
}

/** Serialises peers that start at the same time where the engine has such locks; the primary key decides elsewhere. */
const migrationLock = 7_203_915_119

/** SHA-256 of the text, hex. */
export function checksum(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
}

/**
 * Brings the schema up to date, each step in a transaction of its own with its checksum. Answers with the names of the steps
 * that were taken.
 * @throws DatabaseFault `migration` when a recorded step is not ours any more, was changed, or fails
 */
export async function migrate(pool: pg.Pool, migrations: readonly Migration[]): Promise<string[]> {
  checkOrder(migrations)
  if (await upToDate(pool, migrations)) return []
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    const locked = await client.query(`select pg_advisory_lock(${migrationLock})`).then(
      () => true,
      () => false,
    )
    try {
      return await takeSteps(client, migrations)
    } finally {
      if (locked) await client.query(`select pg_advisory_unlock(${migrationLock})`).catch(() => {})
    }
  } finally {
    // Its settings are not those of the pool.
    client.release(true)
  }
}

/** Whether all are recorded as they are: what a start finds nearly always, at the cost of one statement. */
async function upToDate(pool: pg.Pool, migrations: readonly Migration[]): Promise<boolean> {
  try {
    const { rows } = await pool.query<{ name: string; checksum: string }>(
      'select name, checksum from migration order by name',
    )
    return (
      rows.length === migrations.length &&
      rows.every((row, index) => {
        const migration = migrations[index]
        return migration?.name === row.name && checksum(migration.sql) === row.checksum
      })
    )
  } catch (error) {
    // undefined_table
    if (errorCode(error) === '42P01') return false
    throw error
  }
}

async function takeSteps(client: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(`create table if not exists migration (
    name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  )
  const recorded = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  const known = new Set(migrations.map(({ name }) => name))
  const foreign = [...recorded.keys()].filter((name) => !known.has(name))
  if (foreign.length > 0)
    throw new DatabaseFault(
      'migration',
      `the database was changed by ${foreign.join(', ')}, which this version does not know: start the newer version`,
    )
  const last = rows.at(-1)?.name ?? ''
  const taken: string[] = []
  for (const migration of migrations) {
    const { name, sql } = migration
    const then = recorded.get(name)
    if (then === checksum(sql)) continue
    if (then !== undefined)
      throw new DatabaseFault(
        'migration',
        `migration ${name} is not the one that this database was made with`,
      )
    if (name < last)
      throw new DatabaseFault(
        'migration',
        `migration ${name} comes before ${last}, which was applied already`,
      )
    if (await step(client, migration)) taken.push(name)
  }
  return taken
}

/** False when a peer was first. */
async function step(client: pg.PoolClient, { name, sql }: Migration): Promise<boolean> {
  try {
    await client.query('begin')
    const { rowCount } = await client.query(
      'insert into migration (name, checksum) values ($1, $2) on conflict (name) do nothing',
      [name, checksum(sql)],
    )
    if (rowCount === 1) await client.query(sql)
    await client.query('commit')
    return rowCount === 1
  } catch (error) {
    await client.query('rollback').catch(() => {})
    const fault = statementFault(error)
    if (fault instanceof DatabaseFault) throw fault
    throw new DatabaseFault('migration', `migration ${name} failed: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function checkOrder(migrations: readonly Migration[]): void {
  const numbers = new Set<string>()
  let before = ''
  for (const { name } of migrations) {
    const number = /^(\d{4})_[a-z][a-z0-9_]*$/.exec(name)?.[1]
    if (!number || numbers.has(number) || name < before)
      throw new DatabaseFault(
        'migration',
        `migration ${name} has no number of its own, or comes out of order`,
      )
    numbers.add(number)
    before = name
  }
}
