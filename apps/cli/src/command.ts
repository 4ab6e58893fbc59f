import { type ExitCode, UsageError } from './exit.ts'
import { wrap } from './output/text.ts'
import type { Settings } from './settings.ts'

// As an import, all of node:util would be loaded with it, at the cost of a sixth of a short command.
const { parseArgs } = process.getBuiltinModule('node:util')

/** One option as data: the parser, the help text and the reference page are made from it. */
export interface OptionFacts {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** What stands for the value in help: `FILE`. */
  readonly value?: string
  /** Allowed values, where they are few. */
  readonly choices?: readonly string[]
  readonly default?: string
  /** Its value where none is given, and what a value looks like: the word after it may be another argument. */
  readonly bare?: { readonly value: string; readonly shape: RegExp }
  /** May be given more than once, or as a comma-separated list. */
  readonly multiple?: boolean
  readonly help: string
}

export type OptionTable = Readonly<Record<string, OptionFacts>>

/** Where a command speaks, and what stops it. Results go to `out`, talk to `err`. */
export interface Terminal {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream
  /** What is typed or piped in; standard input, and only touched when it is asked for. */
  readonly in?: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  /** Whether people read `err` as it is written. */
  readonly interactive: boolean
  readonly colour: boolean
  readonly columns: number
}

export interface CommandCall {
  readonly positionals: readonly string[]
  readonly options: ParsedOptions
  readonly terminal: Terminal
  readonly settings: Settings
  readonly signal: AbortSignal
  readonly version: string
  /** Folder of the checkout that the command runs from. */
  readonly checkout?: string
}

/** One command, one file, one exported value. */
export interface Command {
  /** `scan`, `advisories import`. */
  readonly path: string
  readonly summary: string
  readonly usage: string
  /** Paragraphs below the summary. */
  readonly description: readonly string[]
  readonly options: OptionTable
  readonly examples: readonly (readonly [command: string, what: string])[]
  run(call: CommandCall): Promise<ExitCode>
}

export class ParsedOptions {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values
  }

  flag(name: string): boolean {
    return this.#values[name] === true
  }

  given(name: string): boolean {
    return this.#values[name] !== undefined
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  /** All values of a repeatable option, as they were given. */
  values(name: string): readonly string[] {
    const value = this.#values[name]
    const values = Array.isArray(value) ? value : value === undefined ? [] : [value]
    return values.map(String)
  }

  /** All values of a repeatable option, commas split. */
  list(name: string): readonly string[] {
    return this.values(name)
      .flatMap((item) => item.split(','))
      .map((item) => item.trim())
      .filter(Boolean)
  }
}

const helpOption: OptionFacts = {
  type: 'boolean',
  short: 'h',
  help: 'Print this help and exit.',
}

/** Splits arguments by a command's option table. Throws UsageError that names what is wrong and what is known. */
export function parseCommandLine(
  command: Command,
  args: readonly string[],
): { positionals: readonly string[]; options: ParsedOptions } {
  const table: OptionTable = { ...command.options, help: helpOption }
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({
      args: withBareValues(args, table),
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(table).map(([name, { type, short, default: initial, multiple }]) => [
          name,
          {
            type,
            ...(short ? { short } : {}),
            ...(multiple ? { multiple } : {}),
            ...(initial !== undefined ? { default: initial } : {}),
          },
        ]),
      ),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. To specify')[0] : String(error)
    throw new UsageError(`${reason}${suggestion(reason, table)}`, command.path)
  }
  const options = new ParsedOptions(parsed.values)
  for (const [name, facts] of Object.entries(table)) checkValues(name, facts, options, command.path)
  return { positionals: parsed.positionals, options }
}

/** An option that may stand without a value gets it, unless the word after it looks like one. */
function withBareValues(args: readonly string[], table: OptionTable): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  return args.map((arg, at) => {
    const bare = arg.startsWith('--') && at < end ? table[arg.slice(2)]?.bare : undefined
    return bare && !bare.shape.test(args[at + 1] ?? '') ? `${arg}=${bare.value}` : arg
  })
}

/** An empty value is mostly an unset variable (`--fail-on "$LEVEL"`), and must not count as no option at all. */
function checkValues(name: string, facts: OptionFacts, options: ParsedOptions, command: string): void {
  if (facts.type !== 'string' || !options.given(name)) return
  const { choices, multiple } = facts
  const text = options.text(name)
  const values = multiple ? options.list(name) : text ? [text] : []
  if (values.length === 0) throw new UsageError(`--${name} needs a value`, command)
  const bad = choices && values.find((value) => !choices.includes(value))
  if (bad !== undefined) throw new UsageError(`--${name} ${bad}: one of ${choices?.join(', ')}`, command)
}

function suggestion(reason: string, table: OptionTable): string {
  const wrong = /'--(?<name>[\w-]+)/.exec(reason)?.groups?.['name']
  const close =
    wrong &&
    Object.keys(table).find((name) => name.startsWith(wrong.slice(0, 3)) || distance(name, wrong) <= 2)
  return close && close !== wrong ? ` (did you mean --${close}?)` : ''
}

/** Levenshtein's distance; both words are option names, so short. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}

/** The manual page of a command, as `--help` prints it. */
export function helpText(command: Command): string {
  const rows = Object.entries({ ...command.options, help: helpOption }).map(([name, facts]) => {
    const short = facts.short ? `-${facts.short}, ` : '    '
    const value = facts.type === 'string' ? ` ${facts.value ?? name.toUpperCase()}` : ''
    const notes = [
      facts.choices ? `One of ${facts.choices.join(', ')}.` : '',
      facts.default !== undefined ? `Default: ${facts.default}.` : '',
    ].filter(Boolean)
    return [`  ${short}--${name}${value}`, [facts.help, ...notes].join(' ')] as const
  })
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)) + 2)
  const optionLines = rows.flatMap(([left, right]) => {
    const [first, ...rest] = wrap(right, 100 - width)
    const start = left.length < width ? [left.padEnd(width) + first] : [left, ' '.repeat(width) + first]
    return [...start, ...rest.map((line) => ' '.repeat(width) + line)]
  })
  return [
    command.summary,
    '',
    `Usage: lanner ${command.usage}`,
    '',
    ...command.description.flatMap((paragraph) => [...wrap(paragraph, 100), '']),
    'Options:',
    ...optionLines,
    ...(command.examples.length > 0
      ? [
          '',
          'Examples:',
          ...command.examples.flatMap(([line, what]) => [`  lanner ${line}`, `      ${what}`]),
        ]
      : []),
    '',
  ].join('\n')
}
