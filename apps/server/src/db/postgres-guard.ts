import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { DatabaseFault, errorCode, fileFault } from './database-fault.ts'
import { type Cluster, databaseName } from './postgres-cluster.ts'
import type { PostmasterPid } from './postgres-pid.ts'

/** Held by the process that owns the data directory, on a connection of its own: it falls with the process. */
const ownerLock = 7_203_915_118

/**
 * Opens the connection that owns the data directory; undefined while the server does not answer yet.
 * @throws DatabaseFault `in-use`
 */
export async function openGuard(
  cluster: Cluster,
  { socketFolder: host, port: at, pid }: PostmasterPid,
  deadline: number,
): Promise<pg.Client | undefined> {
  const guard = new pg.Client({
    host,
    port: at,
    user: databaseName,
    database: 'postgres',
    application_name: `lanner ${process.pid}`,
    connectionTimeoutMillis: Math.max(1, deadline - Date.now()),
  })
  guard.on('error', () => {})
  try {
    await guard.connect()
  } catch (error) {
    await guard.end().catch(() => {})
    const code = errorCode(error) ?? ''
    // Starting, shutting down, or ending while we look.
    if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03', '57P01', '57P02'].includes(code)) return undefined
    if (/terminated unexpectedly/.test((error as Error).message)) return undefined
    throw fileFault(error, `connecting to PostgreSQL (process ${pid}) in ${host}`)
  }
  try {
    await checkIdentity(guard, cluster, pid)
    await own(guard, cluster)
    // Its socket alone must not keep this process alive.
    socketOf(guard).unref()
    return guard
  } catch (error) {
    await guard.end().catch(() => {})
    throw error
  }
}

/** `pg` gives no way to let go of a connection's hold on the event loop. */
export function socketOf(client: pg.Client): { ref(): void; unref(): void } {
  return (client as unknown as { connection: { stream: { ref(): void; unref(): void } } }).connection.stream
}

/** Every cluster has an identifier, in the first eight bytes of `global/pg_control`. */
async function checkIdentity(guard: pg.Client, { data }: Cluster, pid: number): Promise<void> {
  const control = await readFile(join(data, 'global', 'pg_control')).catch((error) => {
    throw fileFault(error, `reading ${data}`)
  })
  const { rows } = await guard.query('select system_identifier::text as id from pg_control_system()')
  if (rows[0]?.id === control.readBigUInt64LE(0).toString()) return
  throw new DatabaseFault('in-use', `the PostgreSQL with process ${pid} serves other data than ${data}`)
}

async function own(guard: pg.Client, { home }: Cluster): Promise<void> {
  const { rows } = await guard.query(
    `select pg_try_advisory_lock(${ownerLock}) as owned,
      exists (select from pg_database where datname = '${databaseName}') as made`,
  )
  if (!rows[0]?.owned) {
    const owner = await guard.query(
      `select application_name as name from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = ${ownerLock} and granted`,
    )
    const pid = /^lanner (\d+)$/.exec(owner.rows[0]?.name ?? '')?.[1]
    throw new DatabaseFault(
      'in-use',
      `${home} is in use by ${pid ? `process ${pid}` : 'another process'}: stop it, or give this one another data directory`,
    )
  }
  if (!rows[0]?.made) await guard.query(`create database ${databaseName}`)
}
