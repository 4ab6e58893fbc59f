import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type pg from 'pg'
import { type Database, databaseOf, endPool } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { migrationFiles } from '../db/migration-files.ts'
import { openPool } from '../db/pool.ts'
import { type Address, type EmbeddedPostgres, startPostgres } from '../db/supervisor.ts'
import { statementInspector } from './statement-inspector.ts'

/** A database of one test, of no use after it. */
export interface TestDatabase {
  readonly database: Database
  readonly pool: pg.Pool
  /** For whoever opens connections of their own. */
  readonly address: Address
  /** The same as a URL. */
  readonly url: string
}

export interface TestDatabaseOptions {
  /** Without tables, for what makes them. */
  readonly empty?: boolean
}

/**
 * A fresh database with every migration applied: a clone of one template in a PostgreSQL that the tests of this process
 * share. A statement that touches a customer's table without its `cid` fails the test.
 */
export async function testDatabase(
  t: Pick<TestContext, 'after'>,
  { empty = false }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const { admin, address: shared, inMemory, template } = await (instance ??= start())
  const { name: from, tenantTables } = empty ? { name: 'template1', tenantTables: [] } : await template()
  const name = `test_${++made}`
  await admin.query(`create database ${name} template ${from} strategy file_copy`)
  const address = { ...shared, database: name }
  const inspector = statementInspector(tenantTables)
  const pool = openPool({ server: address, size: 8, inspect: inspector.inspect })
  const database = databaseOf(pool)
  t.after(async () => {
    await endPool(pool, database)
    // ext4 passes over every inode freed in the last seconds before it makes a file: to drop one makes the next ten times
    // as slow. On a disk all go with the folder.
    if (inMemory) await admin.query(`drop database ${name} with (force)`)
    if (inspector.violations.length > 0)
      throw new Error(`statements without cid:\n${inspector.violations.join('\n\n')}`)
  })
  const url = `postgresql://${address.user}@/${name}?host=${encodeURIComponent(address.host)}&port=${address.port}`
  return { database, pool, address, url }
}

interface Instance {
  readonly admin: pg.Pool
  readonly address: Address
  /** Whether its files lie in memory and not on a disk. */
  readonly inMemory: boolean
  template(): Promise<{ name: string; tenantTables: string[] }>
}

let instance: Promise<Instance> | undefined
let made = 0

/** TMPFS_MAGIC of statfs(2). */
const tmpfs = 0x01021994

async function start(): Promise<Instance> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lanner-database-'))
  const server = await startPostgres({
    dataDir,
    durable: false,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      shared_buffers: '64MB',
      io_method: 'sync',
    },
  })
  endWithProcess(server, dataDir)
  const admin = openPool({
    server: { ...server.address, database: 'postgres' },
    size: 2,
    prepare: false,
    statementTimeout: 0,
    allowExit: true,
  })
  let template: ReturnType<Instance['template']> | undefined
  return {
    admin,
    address: server.address,
    inMemory: (await statfs(dataDir)).type === tmpfs,
    template: () => (template ??= makeTemplate(admin, server.address)),
  }
}

async function makeTemplate(
  admin: pg.Pool,
  address: Address,
): Promise<{ name: string; tenantTables: string[] }> {
  const name = 'migrated'
  await admin.query(`create database ${name}`)
  const pool = openPool({ server: { ...address, database: name }, prepare: false })
  try {
    await migrate(pool, migrationFiles())
    const { rows } = await pool.query<{ table_name: string }>(
      `select distinct table_name from information_schema.columns where table_schema = 'public' and column_name = 'cid'`,
    )
    return { name, tenantTables: rows.map((row) => row.table_name) }
  } finally {
    await pool.end()
  }
}

/** Ends the server and removes its folder with this process, however it ends. */
function endWithProcess(server: EmbeddedPostgres, dataDir: string): void {
  const folders = [dataDir, ...(server.address.host.startsWith(dataDir) ? [] : [server.address.host])]
  // Outlives a kill of this process: its standard input ends with us.
  const watch = spawn(
    '/bin/sh',
    [
      '-c',
      'cat >/dev/null; kill -QUIT "$1" 2>/dev/null; sleep 1; shift; rm -rf "$@"',
      'sh',
      String(server.pid),
      ...folders,
    ],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  )
  watch.unref()
  ;(watch.stdin as unknown as { unref(): void }).unref()
  process.once('exit', () => {
    const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid')
    try {
      process.kill(server.pid, 'SIGQUIT')
      const pause = new Int32Array(new SharedArrayBuffer(4))
      for (let waited = 0; existsSync(pidFile) && waited < 2000; waited += 2) Atomics.wait(pause, 0, 0, 2)
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      watch.kill('SIGKILL')
    } catch {}
  })
}
