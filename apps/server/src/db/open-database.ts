import type pg from 'pg'
import { type Database, databaseOf, endPool } from './database.ts'
import { DatabaseFault, statementFault } from './database-fault.ts'
import { migrations } from './generated/migrations.ts'
import { migrate } from './migrate.ts'
import { openPool, type PoolOptions } from './pool.ts'
import { oldestMajor } from './postgres-binaries.ts'
import { processLives } from './postgres-pid.ts'
import { type EmbeddedPostgres, type SupervisorOptions, startPostgres } from './supervisor.ts'

export interface OpenDatabaseOptions
  extends Omit<PoolOptions, 'server'>,
    Pick<SupervisorOptions, 'dataDir' | 'searchPath' | 'settings' | 'signal'> {
  /** A server of the operator's (`DATABASE_URL`) in place of the embedded one. */
  readonly url?: string
  /** Whether the schema is brought up to date; true unless said. */
  readonly migrate?: boolean
  readonly say?: (message: string) => void
}

export interface OpenDatabase {
  readonly database: Database
  readonly pool: pg.Pool
  /** Names of the migrations that were applied at opening. */
  readonly migrated: readonly string[]
  readonly embedded: EmbeddedPostgres | undefined
  /** Whether a statement would be answered now. */
  ready(): Promise<boolean>
  /** Ends the connections and the embedded server. */
  close(): Promise<void>
}

/**
 * The database of a server: the one that the URL names, else the embedded one, with its schema up to date.
 * @throws DatabaseFault
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const { url, say } = options
  const embedded = url === undefined ? await startPostgres(options) : undefined
  let pool: pg.Pool | undefined
  try {
    pool = openPool({ ...options, server: embedded?.address ?? validUrl(url ?? '') })
    if (!embedded) await checkServer(pool)
    const migrated = options.migrate === false ? [] : await migrate(pool, migrations)
    options.signal?.throwIfAborted()
    if (migrated.length > 0) say?.(`applied ${migrated.length} migrations`)
    return opened(pool, embedded, migrated)
  } catch (error) {
    await pool?.end().catch(() => {})
    await embedded?.stop().catch(() => {})
    options.signal?.throwIfAborted()
    throw statementFault(error)
  }
}

function opened(
  pool: pg.Pool,
  embedded: EmbeddedPostgres | undefined,
  migrated: readonly string[],
): OpenDatabase {
  const database = databaseOf(pool)
  return {
    database,
    pool,
    migrated,
    embedded,
    async ready() {
      // Processes of a server that was killed may answer for a moment longer than it lives.
      if (embedded && !(embedded.ready && processLives(embedded.pid))) return false
      return await pool.query('select 1').then(
        () => true,
        () => false,
      )
    },
    async close() {
      try {
        await endPool(pool, database)
      } finally {
        await embedded?.stop()
      }
    },
  }
}

/** The URL may hold a password: a message about it never repeats it. */
function validUrl(url: string): string {
  const protocol = URL.parse(url)?.protocol ?? /^(postgres(?:ql)?:)\/\//.exec(url)?.[1]
  if (protocol === 'postgresql:' || protocol === 'postgres:') return url
  throw new DatabaseFault(
    'unavailable',
    'DATABASE_URL is no URL of a PostgreSQL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
  )
}

/** Throws DatabaseFault `unsupported` for a server of the operator's that cannot be used. */
export async function checkServer(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  const { rows } = await pool.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  )
  const major = Math.floor(Number(rows[0]?.version) / 10_000)
  if (major < oldestMajor)
    throw new DatabaseFault(
      'unsupported',
      `the database is PostgreSQL ${major}: ${oldestMajor} or newer is needed`,
    )
  const { encoding } = rows[0] ?? {}
  if (encoding !== 'UTF8')
    throw new DatabaseFault(
      'unsupported',
      `the database keeps text as ${encoding}: one made with \`encoding 'UTF8'\` is needed`,
    )
}
