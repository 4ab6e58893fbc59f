import { Readable, Writable } from 'node:stream'
import { type Command, type CommandCall, parseCommandLine, type Terminal } from '../command.ts'
import { readSettings } from '../settings.ts'

export interface TerminalOptions {
  readonly interactive?: boolean
  readonly colour?: boolean
  /** What comes in. */
  readonly typed?: string
  /** Not from a keyboard. */
  readonly piped?: boolean
}

/** A terminal that keeps what is written to it. */
export class FakeTerminal implements Terminal {
  readonly out: Writable
  readonly err: Writable
  readonly in: Readable & { readonly isTTY?: boolean }
  readonly interactive: boolean
  readonly colour: boolean
  readonly columns = 120
  output = ''
  talk = ''

  constructor(options: TerminalOptions = {}) {
    this.interactive = options.interactive ?? false
    this.colour = options.colour ?? false
    const typed = Readable.from(options.typed === undefined ? [] : [options.typed])
    this.in = Object.assign(typed, { isTTY: this.interactive && !options.piped })
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
  options: TerminalOptions & {
    readonly signal?: AbortSignal
    readonly environment?: Readonly<Record<string, string>>
  } = {},
) {
  const terminal = new FakeTerminal(options)
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
