import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { ServerSettings } from './config/settings.ts'
import { type CopySummary, exportDatabase } from './db/copy-export.ts'
import { importDatabase } from './db/copy-import.ts'
import { DatabaseFault } from './db/database-fault.ts'
import { migrations } from './db/generated/migrations.ts'
import { type OpenDatabase, openDatabase } from './db/open-database.ts'

export type { CopySummary } from './db/copy-export.ts'

/** Which database, and who hears what is done with it. */
export interface TransferOptions {
  readonly settings: Pick<ServerSettings, 'dataFolder' | 'databaseUrl'>
  readonly say: (line: string) => void
  /** Where a PostgreSQL of the system is looked for: `PATH`. */
  readonly searchPath?: string
  readonly signal?: AbortSignal
}

/** What the database says of itself. */
export interface DatabaseFacts {
  /** `18.4`. */
  readonly version: string
  readonly embedded: boolean
  /** Its clock, milliseconds since 1970. */
  readonly now: number
}

/**
 * Writes all rows of the database of a server that is stopped, or of the one that `DATABASE_URL` names. Blobs and keys are
 * no rows. Throws DatabaseFault, and what the writable fails with.
 */
export async function exportAll(options: TransferOptions, writable: Writable): Promise<CopySummary> {
  await checkThere(options)
  return withDatabase(options, ({ pool }) =>
    exportDatabase(pool, writable, options.signal ? { signal: options.signal } : {}),
  )
}

/** Reads an export into a database without rows, all or nothing. Throws DatabaseFault. */
export function importAll(options: TransferOptions, readable: Readable): Promise<CopySummary> {
  return withDatabase(options, ({ pool }) => importDatabase(pool, readable, migrations))
}

/** Starts the database, asks it, and stops it. Throws DatabaseFault. */
export async function examineDatabase(options: TransferOptions): Promise<DatabaseFacts> {
  await checkThere(options)
  return withDatabase(options, async ({ pool, embedded }) => {
    const { rows } = await pool.query<{ version: string; now: Date }>(
      `select current_setting('server_version') as version, clock_timestamp() as now`,
    )
    const [{ version = '', now = new Date(0) } = {}] = rows
    return { version, embedded: embedded !== undefined, now: now.getTime() }
  })
}

/** Whether there is a database of ours in the folder. */
export function hasDatabase(dataFolder: string): Promise<boolean> {
  return access(join(dataFolder, 'postgres', 'data', 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/** To open an embedded database makes it, which nobody wants who asks what is in it. */
async function checkThere({ settings }: TransferOptions): Promise<void> {
  const folder = resolve(settings.dataFolder)
  if (settings.databaseUrl || (await hasDatabase(folder))) return
  throw new DatabaseFault(
    'unavailable',
    `there is no database in ${folder}: no server was started there yet; is it the right data directory?`,
  )
}

async function withDatabase<T>(
  { settings, say, searchPath }: TransferOptions,
  use: (opened: OpenDatabase) => Promise<T>,
): Promise<T> {
  const { dataFolder, databaseUrl } = settings
  const opened = await openDatabase({
    dataDir: resolve(dataFolder),
    size: 2,
    migrate: false,
    say,
    ...(searchPath === undefined ? {} : { searchPath }),
    ...(databaseUrl ? { url: databaseUrl.reveal() } : {}),
  })
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}
