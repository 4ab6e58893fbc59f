import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command, CommandCall } from '../command.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit.ts'
import { movingLine } from '../output/moving-line.ts'
import { counted, formatBytes } from '../output/text.ts'
import { transferOf, transferOptions } from '../transfer.ts'

export const importAll: Command = {
  path: 'import',
  summary: 'Read what `lanner export` wrote into an empty database.',
  usage: 'import [OPTIONS] FILE',
  description: [
    'All or nothing, and only into a database that holds no rows: the embedded one of a data directory in which no server was started yet (it is made), or the one that DATABASE_URL names. An export of an older version is brought up to date. FILE may be - for standard input.',
    'Before the server is started on it, put the master key (master.key) and the blobs folder of the old data directory into the new one; bootstrap.json too, for the commands that read it. Without the key nobody can sign in.',
  ],
  options: { ...transferOptions },
  examples: [['import --data-dir new lanner-backup', 'Read a backup into a new data directory.']],
  run: runImport,
}

async function runImport(call: CommandCall): Promise<ExitCode> {
  const [given, ...rest] = call.positionals
  if (given === undefined || rest.length > 0)
    throw new UsageError(given === undefined ? 'import needs a file' : 'import takes one file', 'import')
  const { terminal, signal } = call
  // Opened first: a name that is wrong must not leave a new database.
  const file = given === '-' ? undefined : await open(resolve(given), 'r')
  const size = (await file?.stat())?.size ?? 0
  const stream = file?.createReadStream({ highWaterMark: 1024 * 1024, signal })
  const { server, transfer } = await transferOf(call)
  const line = movingLine(
    terminal,
    () => `read ${formatBytes(stream?.bytesRead ?? 0)} of ${formatBytes(size)}`,
  )
  try {
    const { rows, tables } = await server.importAll(transfer, stream ?? process.stdin)
    line.end()
    terminal.err.write(
      `lanner: ${counted(rows, 'row')} of ${counted(tables, 'table')} read\n` +
        'lanner: blobs and the master key were not in it: put them in place before the server is started\n',
    )
    return exitCodes.pass
  } finally {
    line.end()
    stream?.destroy()
    await file?.close().catch(() => {})
  }
}
