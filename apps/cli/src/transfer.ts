import type { TransferOptions } from '@lanner/server'
import type { CommandCall, OptionTable } from './command.ts'

/** Options of the commands that open a server's database themselves. */
export const transferOptions: OptionTable = {
  'data-dir': {
    type: 'string',
    value: 'DIR',
    help: 'Data directory of the server. Default: LANNER_DATA_DIR, else .lanner.',
  },
}

/** The server's code, loaded only now, and the database that options and environment name. Throws ConfigurationFault. */
export async function transferOf({ options, settings, terminal, signal }: CommandCall): Promise<{
  readonly server: typeof import('@lanner/server')
  readonly transfer: TransferOptions
}> {
  const server = await import('@lanner/server')
  const folder = options.text('data-dir')
  const { environment } = settings
  const values = server.readServerSettings(
    environment,
    folder === undefined ? {} : { LANNER_DATA_DIR: folder },
  )
  return {
    server,
    transfer: {
      settings: values,
      say: (line) => void terminal.err.write(`lanner: ${line}\n`),
      signal,
      ...(environment['PATH'] ? { searchPath: environment['PATH'] } : {}),
    },
  }
}
