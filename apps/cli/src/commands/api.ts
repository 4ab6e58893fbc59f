import { readFile } from 'node:fs/promises'
import { type CommandInput, findOperation, type OperationFacts, operations } from '@lanner/sdk'
import { type Command, type CommandCall, distance } from '../command.ts'
import { connect, connectionOptions, failureText } from '../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit.ts'
import { describeOperation } from '../output/operation.ts'
import { printable } from '../output/text.ts'
import { openOutput } from '../output/write.ts'

const collections = Map.groupBy(
  Object.entries<OperationFacts>(operations),
  ([, { collection }]) => collection,
)

export const api: Command = {
  path: 'api',
  summary: 'Call any operation of the API.',
  usage: 'api [OPTIONS] OPERATION',
  description: [
    'OPERATION is an id (GetCombinedImages) or, where only one operation has it, a snake-case name (get_combined_images). The answer goes to standard output as it is; a refusal is told on standard error, and the command then ends with 3.',
    'Parts of a path are parameters too. A parameter that is given twice is a list. What the operation does not know is sent all the same.',
    ...[...collections].map(([name, members]) => `${name}: ${members.map(([id]) => id).join(', ')}.`),
  ],
  options: {
    param: {
      type: 'string',
      short: 'p',
      value: 'NAME=VALUE',
      multiple: true,
      help: 'A parameter; may be given again.',
    },
    body: {
      type: 'string',
      short: 'b',
      value: 'JSON',
      help: 'The body, or @FILE with it; @- reads standard input.',
    },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Write the answer to a file.' },
    headers: { type: 'boolean', help: 'Tell status and headers of the answer on standard error.' },
    describe: { type: 'boolean', help: 'Print what the operation takes and needs, and call nothing.' },
    ...connectionOptions,
  },
  examples: [
    ['api GetCombinedImages --param limit=5 --param sort=first_seen.desc', 'The newest five images.'],
    [
      'api ReadCombinedVulnerabilities --param "filter=severity:\'Critical\'"',
      'Vulnerabilities that a filter selects.',
    ],
    ['api tokens_create --body \'{"label":"ci"}\'', 'A body on the command line.'],
    ['api GetJob --describe', 'What an operation takes.'],
  ],
  run: runApi,
}

async function runApi(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal, signal } = call
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0)
    throw new UsageError(
      name === undefined
        ? 'api needs an operation'
        : `api takes one operation: ${rest.join(' ')} is too much`,
      'api',
    )
  const operation = operationOf(name)
  const [id] = Object.entries(operations).find(([, each]) => each === operation)!
  if (options.flag('describe')) {
    terminal.out.write(describeOperation(id, await import('@lanner/contract')))
    return exitCodes.pass
  }
  const parameters = parametersOf(options.values('param'))
  checkPath(id, operation, parameters)
  const body = await bodyOf(options.text('body'))
  if (body !== undefined && (operation.method === 'GET' || operation.method === 'HEAD'))
    throw new UsageError(`${id} is a ${operation.method}, which takes no --body: give it --param`, 'api')
  const client = connect(call, 'api')
  const output = await openOutput(options.text('output'), terminal)
  try {
    const input: CommandInput = { parameters, signal, ...(body === undefined ? {} : { body }) }
    const result = await client.command<string>(id, input)
    signal.throwIfAborted()
    if (options.flag('headers') && result.status > 0) terminal.err.write(headText(result))
    if (!result.ok) {
      terminal.err.write(`lanner: ${printable(failureText(id, result))}\n`)
      return exitCodes.notAssessed
    }
    if (result.body instanceof Uint8Array) await output.write(result.body)
    else if (result.body !== undefined) await output.write(`${JSON.stringify(result.body, undefined, 2)}\n`)
    return exitCodes.pass
  } finally {
    await output.close()
  }
}

function operationOf(name: string): OperationFacts {
  try {
    return findOperation(name)
  } catch {
    const near = nearest(name)
    throw new UsageError(
      `unknown operation ${JSON.stringify(name)}${near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : ''}`,
      'api',
    )
  }
}

/** Ids that nearly have the name, or hold it. */
function nearest(name: string): readonly string[] {
  const wanted = name.slice(0, 100).toLowerCase()
  const all = Object.entries<OperationFacts>(operations).map(([id, { name: snake }]) => {
    const steps = Math.min(distance(id.toLowerCase(), wanted), distance(snake, wanted))
    const holds = wanted.length > 3 && (id.toLowerCase().includes(wanted) || snake.includes(wanted))
    return { id, steps: holds ? 0 : steps }
  })
  const close = all.filter(({ steps }) => steps <= Math.max(2, wanted.length / 4))
  return close
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ id }) => id)
}

function parametersOf(given: readonly string[]): Readonly<Record<string, string | string[]>> {
  const values = new Map<string, string[]>()
  for (const each of given) {
    const at = each.indexOf('=')
    if (at < 1) throw new UsageError(`--param ${each}: expected NAME=VALUE`, 'api')
    const name = each.slice(0, at)
    values.set(name, [...(values.get(name) ?? []), each.slice(at + 1)])
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0]! : all]))
}

function checkPath(
  id: string,
  { url }: OperationFacts,
  parameters: Readonly<Record<string, string | string[]>>,
): void {
  for (const [, part = ''] of url.matchAll(/\{(\w+)\}/g)) {
    const value = Object.hasOwn(parameters, part) ? parameters[part] : undefined
    if (value === undefined) throw new UsageError(`${id} needs --param ${part}=…: its path is ${url}`, 'api')
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..')
      throw new UsageError(`--param ${part}=${value}: this cannot stand in a path`, 'api')
  }
}

async function bodyOf(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined
  const text = given.startsWith('@') ? await readBody(given.slice(1)) : given
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new UsageError(
      `--body is no JSON: ${error instanceof Error ? error.message : String(error)}`,
      'api',
    )
  }
}

async function readBody(path: string): Promise<string> {
  if (path !== '-') return readFile(path, 'utf8')
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function headText({ status, headers }: { readonly status: number; readonly headers: Headers }): string {
  const lines = [`status: ${status}`, ...[...headers].map(([name, value]) => `${name}: ${value}`)]
  return `${lines.map(printable).join('\n')}\n`
}
