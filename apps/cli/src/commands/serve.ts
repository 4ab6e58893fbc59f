import type { SettingName } from '@lanner/server'
import type { Command, CommandCall, OptionTable } from '../command.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit.ts'

/** Options of the command, and the setting that each stands for. */
const settingOf: Readonly<Record<string, SettingName>> = {
  port: 'LANNER_PORT',
  host: 'LANNER_HOST',
  'data-dir': 'LANNER_DATA_DIR',
  tls: 'LANNER_TLS',
  'tls-cert': 'LANNER_TLS_CERT',
  'tls-key': 'LANNER_TLS_KEY',
  workers: 'LANNER_WORKERS',
  'log-level': 'LANNER_LOG_LEVEL',
}

const options: OptionTable = {
  port: { type: 'string', value: 'PORT', help: 'Port to listen on; 0 picks a free one. Default: 8080.' },
  host: {
    type: 'string',
    value: 'ADDRESS',
    help: 'Address to listen on; 0.0.0.0 opens the server to the network. Default: 127.0.0.1.',
  },
  'data-dir': {
    type: 'string',
    value: 'DIR',
    help: 'Folder of everything that the server keeps. Default: .lanner.',
  },
  tls: {
    type: 'string',
    choices: ['off', 'self-signed'],
    help: 'Speak HTTPS with a certificate of our own making; its CA lies in the data directory.',
  },
  'tls-cert': {
    type: 'string',
    value: 'FILE',
    help: 'Certificate and its chain, PEM; read again when it changes.',
  },
  'tls-key': { type: 'string', value: 'FILE', help: 'Key of the certificate, PEM.' },
  workers: {
    type: 'string',
    value: 'N',
    help: 'Assessments at the same time. Default: one less than the cores.',
  },
  advisories: {
    type: 'string',
    value: 'DIR',
    help: 'Import the advisories in DIR (in the layout of the public OSV bucket) before anything else.',
  },
  offline: { type: 'boolean', help: 'Download nothing: advisories come by import only.' },
  demo: { type: 'boolean', help: 'Push the demo images too, with the advisories that hit them.' },
  'log-level': {
    type: 'string',
    choices: ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    help: 'How much is logged, to standard error. Default: info, or warn on a terminal.',
  },
}

export const serve: Command = {
  path: 'serve',
  summary: 'Start the platform: registry, assessment, API.',
  usage: 'serve [OPTIONS]',
  description: [
    'Starts the server with a database of its own and prints its address. The first start makes a tenant, an administrator and an API client with every scope, and leaves their credentials in bootstrap.json in the data directory (readable by its owner only).',
    'Images are pushed to the address like to any registry, with the client id and secret as user and password; they are assessed as soon as their manifest arrives. Falcon clients read the results at the same address.',
    'Every option is also a setting of the environment, and there are more of them: see the reference of settings. Ctrl-C stops the server once what is under way has ended.',
  ],
  options,
  examples: [
    ['serve', 'Start on port 8080 with everything in .lanner.'],
    ['serve --demo --offline', 'Start with images to look at, and use no network.'],
    ['serve --port 0 --data-dir data --tls self-signed', 'Speak HTTPS on a free port.'],
  ],
  run: runServe,
}

async function runServe({
  positionals,
  options: given,
  terminal,
  settings,
  signal,
  version,
  checkout,
}: CommandCall): Promise<ExitCode> {
  if (positionals.length > 0)
    throw new UsageError(`serve takes no arguments: ${positionals.join(' ')}`, 'serve')
  const say = (line: string): void => void terminal.err.write(`lanner: ${line}\n`)
  const server = await import('@lanner/server')
  const chosen: Partial<Record<SettingName, string>> = {}
  for (const [option, setting] of Object.entries(settingOf)) {
    const value = given.text(option)
    if (value !== undefined) chosen[setting] = value
  }
  if (given.flag('offline')) chosen.LANNER_OFFLINE = 'true'
  if (terminal.interactive && !given.given('log-level') && !settings.environment['LANNER_LOG_LEVEL'])
    chosen.LANNER_LOG_LEVEL = 'warn'
  const values = usable(
    () => server.readServerSettings(settings.environment, chosen),
    server.ConfigurationFault,
  )
  const importFrom = given.text('advisories')
  const running = await server.serve({
    settings: values,
    version,
    say,
    signal,
    ...(settings.environment['PATH'] ? { searchPath: settings.environment['PATH'] } : {}),
    ...(given.flag('demo') ? { demoFolder: demoFolder(checkout) } : {}),
    ...(importFrom === undefined ? {} : { importFrom }),
  })
  say(`ready at ${running.url}`)
  say(`credentials are in ${running.dataFolder}/${server.bootstrapFile}`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  say('stopping; what is under way may end')
  await running.close()
  return exitCodes.pass
}

/** The demo lies in the checkout; a published package has none. */
function demoFolder(checkout: string | undefined): string {
  if (checkout === undefined) throw new UsageError('--demo needs a checkout of the project', 'serve')
  return `${checkout}/demo`
}

/** Settings that cannot be used are a mistake of the call. */
function usable<T>(read: () => T, ConfigurationFault: new (...args: never[]) => Error): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigurationFault) throw new UsageError(error.message, 'serve')
    throw error
  }
}
