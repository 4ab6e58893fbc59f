import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command, CommandCall } from '../command.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit.ts'
import { movingLine } from '../output/moving-line.ts'
import { counted, formatBytes } from '../output/text.ts'
import { OutputFault } from '../output/write.ts'
import { transferOf, transferOptions } from '../transfer.ts'

export const exportAll: Command = {
  path: 'export',
  summary: "Write all rows of a server's database to one file.",
  usage: 'export [OPTIONS] FILE',
  description: [
    'Everything that is stored in the database as of one instant: tenants, clients, users, images, findings, policies, tokens, history. For backups, and to move between an embedded database and one of your own (DATABASE_URL). FILE may be - for standard output.',
    'Not in it: pushed blobs (the blobs folder of the data directory, or the bucket), advisories (they are downloaded again) and the master key (master.key, or LANNER_MASTER_KEY), without which sealed credentials and client secrets of the export are worth nothing. Copy the data directory without its postgres folder beside it.',
    'An embedded database is opened by the command itself: stop its server first. With DATABASE_URL the server may go on.',
  ],
  options: { ...transferOptions },
  examples: [['export lanner-backup', 'Write a backup of .lanner.']],
  run: runExport,
}

async function runExport(call: CommandCall): Promise<ExitCode> {
  const [file, ...rest] = call.positionals
  if (file === undefined || rest.length > 0)
    throw new UsageError(file === undefined ? 'export needs a file' : 'export takes one file', 'export')
  const { server, transfer } = await transferOf(call)
  const { terminal, signal } = call
  if (file === '-') {
    const stream = new PassThrough()
    const [summary] = await Promise.all([
      server.exportAll(transfer, stream).catch((error: unknown) => {
        stream.destroy()
        throw error
      }),
      pipeline(stream, terminal.out, { end: false, signal }),
    ])
    return tell(call, summary, 'standard output')
  }
  const path = resolve(file)
  const making = `${path}.${randomUUID()}.tmp`
  // It holds what its owner alone may read.
  const stream = createWriteStream(making, { flags: 'wx', mode: 0o600, flush: true })
  const line = movingLine(terminal, () => `exported ${formatBytes(stream.bytesWritten)}`)
  try {
    await opened(stream, path)
    const summary = await server.exportAll(transfer, stream)
    await rename(making, path)
    line.end()
    return tell(call, summary, path)
  } finally {
    line.end()
    stream.destroy()
    await rm(making, { force: true })
  }
}

/** Told before the database is opened. */
function opened(stream: ReturnType<typeof createWriteStream>, path: string): Promise<void> {
  return new Promise((done, fail) => {
    stream.once('open', () => done())
    stream.once('error', (error) =>
      fail(
        new OutputFault(
          'not-writable',
          `cannot write ${path}: ${error.message}; is ${dirname(path)} a folder that you may write to?`,
          { cause: error },
        ),
      ),
    )
  })
}

function tell(
  { terminal }: CommandCall,
  { tables, rows, bytes }: { readonly tables: number; readonly rows: number; readonly bytes: number },
  place: string,
): ExitCode {
  terminal.err.write(
    `lanner: ${counted(rows, 'row')} of ${counted(tables, 'table')} (${formatBytes(bytes)}) in ${place}\n` +
      'lanner: pushed blobs and the master key are not in it: keep them too\n',
  )
  return exitCodes.pass
}
