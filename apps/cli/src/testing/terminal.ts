import { Writable } from 'node:stream'
import { type Command, type CommandCall, parseCommandLine, type Terminal } from '../command.ts'
import { readSettings } from '../settings.ts'

/** A terminal that keeps what is written to it. */
export class FakeTerminal implements Terminal {
  readonly out: Writable
  readonly err: Writable
  readonly interactive: boolean
  readonly colour: boolean
  readonly columns = 120
  output = ''
  talk = ''

  constructor(options: { readonly interactive?: boolean; readonly colour?: boolean } = {}) {
    this.interactive = options.interactive ?? false
    this.colour = options.colour ?? false
    this.out = collecting((text) => {
      this.output += text
    })
    this.err = collecting((text) => {
      this.talk += text
    })
  }
}

function collecting(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk.toString())
      done()
    },
  })
}

/** Runs a command line as `main` does, with a home of its own; answers the exit code and what was written. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  home: string,
  options: { readonly signal?: AbortSignal; readonly environment?: Readonly<Record<string, string>> } = {},
) {
  const terminal = new FakeTerminal()
  const call: CommandCall = {
    ...parseCommandLine(command, args),
    terminal,
    settings: readSettings({ HOME: home, ...options.environment }),
    signal: options.signal ?? new AbortController().signal,
    version: '1.2.3',
  }
  const code = await command.run(call)
  return { code, output: terminal.output, talk: terminal.talk }
}
