import type { CommandCall } from '../command.ts'
import { dataFolderOf } from '../connection.ts'
import { transferOf } from '../transfer.ts'
import { type Check, failed, ok, skipped, wordsOf } from './check.ts'
import type { Served } from './server.ts'

/** PostgreSQL may be on another machine. */
const tolerance = 60

/** A server that runs has the database: it is asked. Else the database is started, asked and stopped. */
export async function checkDatabase(call: CommandCall, { running, status }: Served): Promise<Check> {
  const name = 'database'
  if (status)
    return ok(
      name,
      `PostgreSQL ${status.database.version}${status.database.embedded ? ', embedded' : ''}, in use by the server`,
    )
  if (running) return skipped(name, 'the running server has it; signed in, more could be said')
  try {
    const { server, transfer } = await transferOf(call)
    if (!transfer.settings.databaseUrl && !(await server.hasDatabase(dataFolderOf(call))))
      return skipped(name, 'there is none yet')
    const { version, embedded, now } = await server.examineDatabase({ ...transfer, say: () => {} })
    const seconds = Math.round(Math.abs(Date.now() - now) / 1000)
    return seconds > tolerance
      ? failed(name, `its clock differs from ours by ${seconds} seconds`, 'Set the clocks (NTP).')
      : ok(name, `PostgreSQL ${version}${embedded ? ', embedded' : ''}, starts and answers`)
  } catch (error) {
    return failed(name, wordsOf(error), adviceOf(error))
  }
}

/** By the code of the fault. */
function adviceOf(error: unknown): string {
  switch ((error as { code?: unknown }).code) {
    case 'in-use':
      return 'A server runs on it: say how to reach it (--url), or stop it.'
    case 'not-permitted':
      return 'Run this as the user that the server runs as.'
    case 'no-space':
      return 'Make room on the disk.'
    case 'no-server':
      return 'Install PostgreSQL, or name a server by DATABASE_URL.'
    case 'unavailable':
      return 'See that DATABASE_URL is right and the database can be reached from here.'
    default:
      return 'Look into the log of PostgreSQL in the postgres folder of the data directory.'
  }
}
