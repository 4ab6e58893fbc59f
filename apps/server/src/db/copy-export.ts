import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type ExportHeader, FrameWriter, type Partition } from './copy-format.ts'
import { type CopyTable, copyTables, quoted } from './copy-tables.ts'
import { writeTo } from './copy-write.ts'
import { statementFault } from './database-fault.ts'

export interface CopySummary {
  readonly tables: number
  readonly rows: number
  /** Bytes of the rows. */
  readonly bytes: number
}

/**
 * Writes every row as of one instant before the first byte; what is written meanwhile is not in it. Memory does not grow with the data. The writable is
 * ended when all is there, so that an export without its end frame is known as cut short.
 * @throws DatabaseFault; whatever the writable fails with
 */
export async function exportDatabase(
  pool: pg.Pool,
  writable: Writable,
  { signal }: { signal?: AbortSignal } = {},
): Promise<CopySummary> {
  const client = await pool.connect()
  const unheard = () => {}
  // A target may fail while the database is asked: the next write tells.
  writable.on('error', unheard)
  const write = async (bytes: Buffer) => {
    signal?.throwIfAborted()
    await writeTo(writable, bytes)
  }
  try {
    await client.query('set statement_timeout = 0')
    await client.query('begin isolation level repeatable read read only')
    const head = await header(client)
    const tables = await copyTables(client)
    const frames = new FrameWriter()
    await write(frames.start())
    await write(frames.json('H', head))
    let [rows, bytes] = [0, 0]
    for (const table of tables) {
      const copied = await exportTable(client, table, frames, write)
      rows += copied.rows
      bytes += copied.bytes
    }
    await client.query('commit')
    await write(frames.end(tables.length))
    writable.end()
    await finished(writable, { readable: false })
    return { tables: tables.length, rows, bytes }
  } catch (error) {
    throw statementFault(error)
  } finally {
    writable.off('error', unheard)
    client.release(true)
  }
}

async function header(client: pg.ClientBase): Promise<ExportHeader> {
  const migrations = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  )
  const partitions = await client.query<Partition>(
    `select c.relname as name, p.relname as of, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relispartition
     order by c.relname collate "C"`,
  )
  return {
    createdAt: new Date().toISOString(),
    migrations: migrations.rows,
    partitions: partitions.rows,
  }
}

async function exportTable(
  client: pg.ClientBase,
  { name, columns, identities }: CopyTable,
  frames: FrameWriter,
  write: (bytes: Buffer) => Promise<void>,
): Promise<{ rows: number; bytes: number }> {
  await write(frames.json('T', { table: name, columns }))
  const list = columns.map(quoted).join(', ')
  const stream = client.query(
    copyTo(`copy (select ${list} from ${quoted(name)} /* every tenant: export */) to stdout`),
  )
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    digest.update(chunk)
    bytes += chunk.length
    for (const part of frames.data(chunk)) await write(part)
  }
  const rows = stream.rowCount
  const sequences: Record<string, number> = {}
  for (const column of identities) {
    const last = await client.query<{ last: number | null }>(
      `select pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)::int8 as last`,
      [quoted(name), column],
    )
    if (last.rows[0]?.last != null) sequences[column] = Number(last.rows[0].last)
  }
  await write(frames.json('E', { rows, bytes, sha256: digest.digest('hex'), sequences }))
  return { rows, bytes }
}
