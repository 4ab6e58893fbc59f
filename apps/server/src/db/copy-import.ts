import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { CopySummary } from './copy-export.ts'
import {
  damaged,
  type ExportEnd,
  type ExportHeader,
  type Frame,
  readFrames,
  readJson,
  type TableEnd,
  type TableStart,
} from './copy-format.ts'
import { type CopyTable, copyTables, quoted } from './copy-tables.ts'
import { writeTo } from './copy-write.ts'
import { DatabaseFault, statementFault } from './database-fault.ts'
import { checksum, type Migration, migrate } from './migrate.ts'

/**
 * Reads an export into an empty database, all or nothing. A database without tables is first brought to where the export was made,
 * and afterwards up to date; one with tables must be exactly there.
 * @throws DatabaseFault `stream` when the export is damaged or made by migrations that are not ours, `not-empty`, `migration`
 */
export async function importDatabase(
  pool: pg.Pool,
  readable: AsyncIterable<Buffer>,
  migrations: readonly Migration[],
): Promise<CopySummary> {
  const frames = readFrames(readable)
  try {
    const header = headerOf(await frames.next())
    await migrate(pool, migrationsOf(header, migrations, await recordedMigrations(pool)))
    const client = await pool.connect()
    let summary: CopySummary
    try {
      await client.query('set statement_timeout = 0')
      await client.query('set idle_in_transaction_session_timeout = 0')
      await client.query('begin')
      summary = await importTables(client, header, frames)
      await client.query('commit')
      await client.query('analyze')
    } finally {
      // Whatever was not committed goes with the connection.
      client.release(true)
    }
    await migrate(pool, migrations)
    return summary
  } catch (error) {
    const fault = statementFault(error)
    const code = (error as { code?: string }).code ?? ''
    // Class 22 and 23: values that the tables do not take.
    if (/^2[23]...$/.test(code)) throw damaged(`its rows are refused: ${(error as Error).message}`)
    throw fault
  } finally {
    await frames.return(undefined)
  }
}

function headerOf({ value, done }: IteratorResult<Frame>): ExportHeader {
  if (done || value.kind !== 'H') throw damaged('it has no header')
  const { createdAt = '', migrations, partitions } = readJson<ExportHeader>(value)
  if (!Array.isArray(migrations) || !Array.isArray(partitions)) throw damaged('its header is incomplete')
  return { createdAt, migrations, partitions }
}

async function recordedMigrations(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('public.migration') is not null as there`,
  )
  if (!rows[0]?.there) return []
  return (await pool.query<{ name: string }>('select name from migration order by name')).rows.map(
    ({ name }) => name,
  )
}

/** Those of ours that the export was made with: the first ones, unchanged. */
function migrationsOf(
  header: ExportHeader,
  ours: readonly Migration[],
  recorded: readonly string[],
): Migration[] {
  const wanted = header.migrations.map(({ name, checksum: sum }, index) => {
    const own = ours[index]
    if (own && own.name === name && checksum(own.sql) === sum) return own
    throw new DatabaseFault(
      'stream',
      `the export was made with migration ${name}, which this version ${own?.name === name ? 'has changed' : 'does not have'}: import it with the version that made it, or a newer one`,
    )
  })
  if (recorded.length > wanted.length)
    throw new DatabaseFault(
      'not-empty',
      `the export was made before migration ${recorded[wanted.length]}, which this database has: import into a new database`,
    )
  return wanted
}

async function importTables(
  client: pg.ClientBase,
  header: ExportHeader,
  frames: AsyncGenerator<Frame>,
): Promise<CopySummary> {
  const tables = new Map((await copyTables(client)).map((table) => [table.name, table]))
  for (const name of tables.keys()) {
    const { rows } = await client.query<{ filled: boolean }>(
      `select exists (select from ${quoted(name)}) as filled /* every tenant: import */`,
    )
    if (rows[0]?.filled)
      throw new DatabaseFault('not-empty', `table ${name} holds rows: import into a new database`)
  }
  await makePartitions(client, header)
  let [rows, bytes] = [0, 0]
  const missing = new Set(tables.keys())
  for await (const frame of frames) {
    if (frame.kind === 'Z') {
      const { tables: count } = readJson<ExportEnd>(frame)
      if (missing.size > 0 || count !== tables.size)
        throw damaged(`tables are missing: ${[...missing].join(', ')}`)
      return { tables: tables.size, rows, bytes }
    }
    if (frame.kind !== 'T') throw damaged('rows come outside of a table')
    const start = readJson<TableStart>(frame)
    const table = tables.get(String(start.table))
    if (!table || !missing.delete(table.name))
      throw damaged(`table ${JSON.stringify(start.table)} is not expected`)
    const copied = await importTable(client, table, start.columns, frames)
    rows += copied.rows
    bytes += copied.bytes
  }
  throw damaged('it ends too early')
}

const bound = /^FOR VALUES FROM \('([\d :.+-]+)'\) TO \('([\d :.+-]+)'\)$/

/** Partitions that were made since the migrations: rows would fall into the one for the rest, and stay there. */
async function makePartitions(client: pg.ClientBase, { partitions }: ExportHeader): Promise<void> {
  for (const { name, of, bound: text } of partitions) {
    const [, from, to] = bound.exec(String(text)) ?? []
    if (text === 'DEFAULT') continue
    if (typeof name !== 'string' || typeof of !== 'string' || !/^[a-z_][a-z0-9_]{0,62}$/.test(name) || !from)
      throw damaged('a partition has no plain name or no bounds')
    const { rows } = await client.query<{ parent: boolean; there: boolean }>(
      `select exists (select from pg_partitioned_table where partrelid = to_regclass($1)) as parent,
         to_regclass($2) is not null as there`,
      [`public.${quoted(of)}`, `public.${quoted(name)}`],
    )
    if (!rows[0]?.parent) throw damaged(`table ${of} has no partitions`)
    if (!rows[0].there)
      await client.query(
        `create table ${quoted(name)} partition of ${quoted(of)} for values from ('${from}') to ('${to}')`,
      )
  }
}

async function importTable(
  client: pg.ClientBase,
  { name, columns, identities }: CopyTable,
  given: unknown,
  frames: AsyncGenerator<Frame>,
): Promise<{ rows: number; bytes: number }> {
  if (!Array.isArray(given) || [...given].sort().join('\n') !== [...columns].sort().join('\n'))
    throw damaged(`table ${name} has other columns`)
  const list = given.map((column) => quoted(String(column))).join(', ')
  const stream = client.query(
    copyFrom(`copy ${quoted(name)} (${list}) from stdin /* every tenant: import */`),
  )
  const done = finished(stream)
  done.catch(() => {})
  const digest = createHash('sha256')
  let bytes = 0
  try {
    for (;;) {
      const { value: frame, done: over } = await frames.next()
      if (over) throw damaged('it ends within a table')
      if (frame.kind === 'D') {
        digest.update(frame.body)
        bytes += frame.body.length
        await writeTo(stream, frame.body)
        continue
      }
      if (frame.kind !== 'E') throw damaged(`table ${name} has no end`)
      const end = readJson<TableEnd>(frame)
      if (end.bytes !== bytes || end.sha256 !== digest.digest('hex'))
        throw damaged(`the checksum of table ${name} does not match`)
      stream.end()
      await done
      if (end.rows !== stream.rowCount)
        throw damaged(`table ${name} has ${stream.rowCount} rows, not ${end.rows}`)
      await setSequences(client, name, identities, end.sequences)
      return { rows: stream.rowCount, bytes }
    }
  } catch (error) {
    stream.destroy(error as Error)
    throw error
  }
}

async function setSequences(
  client: pg.ClientBase,
  table: string,
  identities: readonly string[],
  sequences: unknown,
): Promise<void> {
  for (const column of identities) {
    const last = (sequences as Record<string, unknown> | undefined)?.[column]
    if (last === undefined) continue
    if (!Number.isSafeInteger(last) || (last as number) < 1)
      throw damaged(`table ${table} has no last number`)
    await client.query('select setval(pg_get_serial_sequence($1, $2)::regclass, $3)', [
      quoted(table),
      column,
      last,
    ])
  }
}
