import { distance, helpText, parseCommandLine, type Terminal } from './command.ts'
import { commands, findCommand } from './commands.ts'
import { exitCodes, UsageError } from './exit.ts'
import { failureText } from './failure-text.ts'
import { readSettings } from './settings.ts'

/** The overview that `lanner`, `lanner help` and `lanner --help` print. */
export function overview(version: string): string {
  const width = Math.max(...commands.map(({ path }) => path.length)) + 2
  return [
    `lanner ${version}: container image assessment`,
    '',
    'Usage: lanner COMMAND [OPTIONS]   (in a checkout: npm start -- COMMAND [OPTIONS])',
    '',
    'Commands:',
    ...commands.map(({ path, summary }) => `  ${path.padEnd(width)}${summary}`),
    '',
    'Begin with:',
    '  lanner advisories update                         fetch the public advisories (once, then now and then)',
    '  lanner scan docker.io/library/debian:12          assess an image in a registry',
    '  lanner scan oci:path/to/layout:tag               assess an OCI layout (folder or tar)',
    '  lanner scan docker-archive:image.tar             assess what `docker save` wrote',
    '  lanner why CVE-2024-45490 oci:path/to/layout     explain a finding, or why there is none',
    '',
    '`lanner COMMAND --help` says more. Exit codes: 0 pass, 1 findings at or above --fail-on, or denied by a policy,',
    '2 usage, 3 could not assess (or only partially, under --fail-on without --allow-partial) or not find out,',
    '130 interrupted.',
    '',
  ].join('\n')
}

/** Runs one command line to its end and sets the exit code. */
export async function main(args: readonly string[], version: string, checkout?: string): Promise<void> {
  const controller = new AbortController()
  let asked = 0
  const interrupt = (): void => {
    // A terminal's Ctrl-C reaches us twice when a parent passes it on: only a later one means "at once".
    if (controller.signal.aborted && performance.now() - asked > 500) process.exit(exitCodes.interrupted)
    asked = performance.now()
    controller.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // A terminal that is closed; Node does not survive it under nohup either.
  process.on('SIGHUP', interrupt)
  // Node would end with 1, which says that there are findings.
  process.on('uncaughtException', (error) => process.exit(report(error, controller.signal)))
  // Whoever reads our output may have seen enough (`| head`): that is no error, and no reason to pass.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    error.message = `cannot write to standard output: ${error.message}`
    process.exit(report(error, controller.signal))
  })
  // Nobody listens to what is told.
  process.stderr.on('error', () => {})
  try {
    process.exitCode = await run(args, version, controller.signal, checkout)
  } catch (error) {
    process.exitCode = report(error, controller.signal)
    // All that had to be tidied up is; a connection that is still being made would hold us until its time is over.
    if (controller.signal.aborted) process.exit()
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    process.off('SIGHUP', interrupt)
  }
}

async function run(
  args: readonly string[],
  version: string,
  signal: AbortSignal,
  checkout: string | undefined,
): Promise<number> {
  const [first] = args
  if (
    first === undefined ||
    first === '--help' ||
    first === '-h' ||
    (first === 'help' && args.length === 1)
  ) {
    process.stdout.write(overview(version))
    return exitCodes.pass
  }
  if (first === '--version' || first === '-V' || first === 'version') {
    process.stdout.write(`lanner ${version}\n`)
    return exitCodes.pass
  }
  const words = first === 'help' ? args.slice(1) : args
  const found = findCommand(words)
  if (!found) throw new UsageError(unknownCommand(words))
  const command = await found.entry.load()
  if (first === 'help' || found.rest.includes('--help') || found.rest.includes('-h')) {
    process.stdout.write(helpText(command))
    return exitCodes.pass
  }
  const { positionals, options } = parseCommandLine(command, found.rest)
  return command.run({
    positionals,
    options,
    version,
    signal,
    ...(checkout === undefined ? {} : { checkout }),
    terminal: terminalOf(),
    settings: readSettings(process.env),
  })
}

function unknownCommand(words: readonly string[]): string {
  const group = commands.filter(({ path }) => path.startsWith(`${words[0]} `))
  if (group.length > 0)
    return `${words[0]} needs one of: ${group.map(({ path }) => path.split(' ')[1]).join(', ')}`
  const close = words[0].startsWith('-')
    ? undefined
    : commands.find(({ path }) => distance(path.split(' ')[0], words[0]) <= 2)
  return `unknown ${words[0].startsWith('-') ? 'option' : 'command'} ${JSON.stringify(words[0])}${close ? ` (did you mean ${close.path}?)` : ''}`
}

function terminalOf(): Terminal {
  const { stdout, stderr, env } = process
  return {
    out: stdout,
    err: stderr,
    // A getter: whoever opens standard input waits for it at the end.
    get in() {
      return process.stdin
    },
    interactive: stderr.isTTY === true && env['TERM'] !== 'dumb',
    colour: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? 120,
  }
}

function report(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    process.stderr.write('lanner: interrupted; nothing was left behind\n')
    return exitCodes.interrupted
  }
  if (error instanceof UsageError) {
    process.stderr.write(
      `lanner: ${error.message}\nTry \`lanner ${error.command ? `${error.command} ` : ''}--help\`.\n`,
    )
    return exitCodes.usage
  }
  process.stderr.write(`lanner: ${failureText(error)}\n`)
  return exitCodes.notAssessed
}
