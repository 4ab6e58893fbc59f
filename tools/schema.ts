import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../apps/server/src/db/migrate.ts'
import { migrationFiles } from '../apps/server/src/db/migration-files.ts'
import { openPool } from '../apps/server/src/db/pool.ts'
import { schemaDump } from '../apps/server/src/db/schema-dump.ts'
import { startPostgres } from '../apps/server/src/db/supervisor.ts'

/** What all migrations make, from a database that has nothing else in it. */
export async function schemaPage(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lanner-schema-'))
  try {
    const server = await startPostgres({ dataDir, durable: false, settings: { fsync: 'off' } })
    const pool = openPool({ server: server.address })
    try {
      await migrate(pool, migrationFiles())
      return await schemaDump(pool)
    } finally {
      await pool.end()
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
