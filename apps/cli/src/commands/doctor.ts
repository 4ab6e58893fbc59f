import type { Command } from '../command.ts'
import { connectionOptions } from '../connection.ts'
import { examine } from '../doctor/examine.ts'
import { exitCodes, UsageError } from '../exit.ts'
import { columns, paint, printable, wrap } from '../output/text.ts'
import { print } from '../output/write.ts'

const words = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: 'not looked at' } as const
const styles = { ok: 'good', warning: 'medium', failed: 'critical', skipped: 'dim' } as const

export const doctor: Command = {
  path: 'doctor',
  summary: 'Look at a server and its data directory, and say what is wrong and what to do.',
  usage: 'doctor [OPTIONS]',
  description: [
    'Looks at the runtime, the settings, the data directory, its disk, keys and credentials, the database, the running server, its advisories and the clock. Changes nothing; a database whose server is stopped is started and stopped again.',
    'With --url and without --data-dir, only the server at that address is looked at. Ends with 0 when nothing failed, else with 3; warnings fail nothing.',
  ],
  options: {
    json: { type: 'boolean', help: 'Write the checks as JSON.' },
    ...connectionOptions,
  },
  examples: [
    ['doctor', 'Look at the server of .lanner.'],
    ['doctor --data-dir data --json', 'Another data directory, for machines.'],
  ],
  async run(call) {
    const { positionals, options, terminal } = call
    if (positionals.length > 0)
      throw new UsageError(`doctor takes no arguments: ${positionals.join(' ')}`, 'doctor')
    const checks = await examine(call)
    call.signal.throwIfAborted()
    const healthy = checks.every(({ state }) => state !== 'failed')
    if (options.flag('json'))
      await print(terminal.out, `${JSON.stringify({ healthy, checks }, undefined, 2)}\n`)
    else {
      const rows = columns(checks.map(({ name, state, message }) => [words[state], name, message]))
      const lines = checks.flatMap(({ state, advice }, at) => [
        paint(terminal, styles[state], words[state]) + rows[at]!.slice(words[state].length),
        ...(advice === undefined ? [] : wrap(printable(advice), 90).map((line) => `    ${line}`)),
      ])
      await print(terminal.out, `${lines.join('\n')}\n`)
    }
    return healthy ? exitCodes.pass : exitCodes.notAssessed
  },
}
