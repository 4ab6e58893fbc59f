import { join } from 'node:path'
import { type RunningServer, readServerSettings, serve } from '@lanner/server'
import { temporaryFolder } from '@lanner/testkit'
import type { Command } from '../command.ts'
import { runCommand, type TerminalOptions } from './terminal.ts'

/** A server that neither asks the network for advisories nor assesses: images wait for ever. */
export const quietly = { LANNER_OFFLINE: 'true', LANNER_WORKERS: '0', LANNER_LOG_LEVEL: 'silent' }

export interface TestPlatform extends AsyncDisposable {
  readonly url: string
  /** For files of the test; the data folder of the server is in it. */
  readonly folder: string
  readonly dataFolder: string
  /** Runs a command on the server. */
  run(command: Command, args: readonly string[], options?: TerminalOptions): ReturnType<typeof runCommand>
}

/** A server of the data folder, on a free port. */
export function startServer(dataFolder: string, tls: 'off' | 'self-signed' = 'off'): Promise<RunningServer> {
  const options = { LANNER_DATA_DIR: dataFolder, LANNER_PORT: '0', LANNER_TLS: tls }
  return serve({ settings: readServerSettings(quietly, options), version: '1.2.3', say: () => {} })
}

/** A new server in a folder of its own, both gone when it is disposed of. */
export async function startPlatform(): Promise<TestPlatform> {
  await using stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  const dataFolder = join(folder, 'data')
  const { url } = stack.adopt(await startServer(dataFolder), (server) => server.close())
  const begun = stack.move()
  return {
    url,
    folder,
    dataFolder,
    run: (command, args, options = {}) =>
      runCommand(command, [...args, '--data-dir', dataFolder], folder, { environment: quietly, ...options }),
    [Symbol.asyncDispose]: () => begun.disposeAsync(),
  }
}
