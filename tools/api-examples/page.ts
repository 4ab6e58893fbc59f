import { STATUS_CODES } from 'node:http'
import type { TSchema } from 'typebox'
import {
  type Collection,
  type FieldTable,
  type Operation,
  operationName,
  type Parameter,
  statusesOf,
} from '../../packages/contract/src/index.ts'
import { code, note, table } from '../markdown.ts'
import { commandLine, curlLine } from './request-lines.ts'
import type { Ran, RanCollection } from './run.ts'

const folder = 'docs/reference/api'
/** Answers of every operation, said once. */
const common: ReadonlySet<number> = new Set([401, 403, 413, 429, 500, 503])

/** The index and a page for each collection, by path. */
export function apiPages(collections: readonly RanCollection[]): (readonly [path: string, text: string])[] {
  return [
    [`${folder}/README.md`, indexPage(collections)] as const,
    ...collections.map((each) => [`${folder}/${each.file}.md`, collectionPage(each)] as const),
  ]
}

function indexPage(collections: readonly RanCollection[]): string {
  const rows = collections.flatMap(({ collection, file }) =>
    Object.entries(collection.operations).map(([id, { method, url, summary }]) => [
      `[${code(id)}](${file}.md#${id.toLowerCase()})`,
      `${code(`${method} ${url}`)}`,
      summary,
    ]),
  )
  const pages = collections.map(({ collection, file }) => `- [${titleOf(collection)}](${file}.md)`)
  const [first] = collections.flatMap(({ collection }) => Object.values(collection.operations))
  const scoped = collections
    .flatMap(({ collection }) => Object.values(collection.operations))
    .find(({ scope, body }) => scope !== 'none' && body !== undefined)
  const statuses = [...statusesOf(scoped ?? first!)].filter(([status]) => common.has(status))
  return [
    '# The API',
    '',
    note,
    'Two dialects on one listener: the container collections as Falcon clients speak them, and our own below `/lanner/v1`.',
    'Every example was sent to a server with assessed images, and its answer held against what is declared of it.',
    'Ids, times and secrets in them are made up; lists are cut to two items and long texts to a line.',
    '',
    'The examples take the address from `$URL` and a bearer token from `$TOKEN`:',
    '',
    '```sh',
    'URL=http://127.0.0.1:8080',
    `TOKEN=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -X POST "$URL/oauth2/token" | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    '```',
    '',
    'Every operation has two names, for clients differ: its id and the same in snake case.',
    'The whole contract is at `/openapi.json` of a running server.',
    '',
    '## Collections',
    '',
    ...pages,
    '',
    '## Statuses',
    '',
    'What every operation can answer beside what its own section says:',
    '',
    table(
      ['status', 'when'],
      statuses.map(([status, when]) => [`${status} ${STATUS_CODES[status]}`, when]),
    ),
    '',
    '## Operations',
    '',
    table(['operation', 'request', 'what it does'], rows),
    '',
  ].join('\n')
}

function titleOf({ name, dialect }: Collection): string {
  return dialect === 'lanner' ? `${name} (our own dialect)` : name
}

function collectionPage({ collection, ran }: RanCollection): string {
  const fields = new Map<string, FieldTable[string]>()
  const parts: string[] = [`# ${titleOf(collection)}`, '', note]
  for (const [id, operation] of Object.entries(collection.operations)) {
    parts.push(...operationSection(id, operation, ran.get(id)))
    for (const { fields: asked = {} } of Object.values(operation.query ?? {}))
      for (const [name, field] of Object.entries(asked)) fields.set(name, field)
  }
  if (fields.size > 0)
    parts.push(
      '## Fields',
      '',
      'What filters and sorts of this page can name, and what each is.',
      'Which operation takes which is said in its section.',
      '',
      table(
        ['field', 'kind', 'other spellings', 'meaning'],
        [...fields]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { kind, words, aliases = [], description }]) => [
            code(name),
            words ? `${kind}: ${words.join(', ')}` : kind,
            aliases.map(code).join(' '),
            description,
          ]),
      ),
      '',
    )
  return parts.join('\n')
}

function operationSection(id: string, operation: Operation, ran: Ran | undefined): string[] {
  const { method, url, scope, summary, description, quirks = [], failures = {}, status = 200 } = operation
  const others = [operationName(id, operation), ...(operation.alsoCalled ?? [])].filter((name) => name !== id)
  const also = operation.alsoMethods ?? []
  const answers = [...statusesOf(operation)].filter(
    ([each]) => each !== status && (!common.has(each) || each in failures),
  )
  return [
    `## ${id}`,
    '',
    `${code(`${method} ${url}`)}${also.length > 0 ? ` (also ${also.map(code).join(' ')})` : ''}`,
    '',
    ...sentences(summary),
    ...sentences(description ?? ''),
    '',
    `- Also called: ${others.length > 0 ? others.map(code).join(' ') : 'nothing else'}`,
    `- Scope: ${scope === 'none' ? 'no token is asked for' : scope.map(code).join(' or ')}`,
    `- Good answer: ${status} ${STATUS_CODES[status]}, ${replyWords(operation)}`,
    ...quirks.flatMap((quirk) => sentences(quirk).map((line) => `- ${line}`)),
    '',
    ...parameterTable(operation),
    ...filterLines(operation),
    ...bodyTable(operation),
    ...(answers.length > 0
      ? [
          table(
            ['status', 'when'],
            answers.map(([each, when]) => [`${each} ${STATUS_CODES[each]}`, when]),
          ),
          '',
        ]
      : []),
    ...(ran ? exampleLines(id, operation, ran) : []),
  ]
}

function replyWords({ reply }: Operation): string {
  switch (reply.kind) {
    case 'resources':
      return `the envelope with a list in ${code('resources')}`
    case 'resource':
      return `the envelope with one object in ${code('resources')}`
    case 'acknowledged':
      return `the envelope without ${code('resources')}`
    case 'bare':
      return 'the object itself, without an envelope'
    case 'file':
      return `a file (${(reply.produces ?? []).map(code).join(' or ')})`
    case 'empty':
      return 'headers only'
  }
}

function parameterTable({ path = {}, query = {} }: Operation): string[] {
  const rows = [
    ...Object.entries(path).map(([name, meaning]) => [code(name), 'path', 'required', meaning]),
    ...Object.entries(query).map(([name, parameter]) => [
      [name, ...(parameter.aliases ?? [])].map(code).join(' '),
      parameter.kind === 'fql' ? '[FQL](../../how-to/query-with-fql.md)' : parameter.kind,
      bounds(parameter),
      parameter.description,
    ]),
  ]
  return rows.length === 0 ? [] : [table(['parameter', 'kind', 'bounds and default', 'meaning'], rows), '']
}

function bounds({ required, minimum, maximum, window, maximumItems, choices, ...rest }: Parameter): string {
  return [
    ...(required ? ['required'] : []),
    ...(minimum !== undefined && maximum !== undefined ? [`${minimum} to ${maximum}`] : []),
    ...(minimum !== undefined && maximum === undefined ? [`from ${minimum}`] : []),
    ...(minimum === undefined && maximum !== undefined ? [`up to ${maximum}`] : []),
    ...(window === undefined ? [] : [`with limit up to ${window}`]),
    ...(maximumItems === undefined ? [] : [`up to ${maximumItems} of them`]),
    ...(choices ? [choices.map(code).join(' ')] : []),
    ...(rest.default === undefined ? [] : [`default ${code(String(rest.default))}`]),
  ].join('; ')
}

function filterLines({ query = {} }: Operation): string[] {
  const parameters = Object.values(query)
  const names = (kind: 'fql' | 'sort', taken: (field: FieldTable[string]) => boolean) =>
    parameters
      .filter((parameter) => parameter.kind === kind)
      .flatMap(({ fields = {} }) => Object.keys(fields).filter((name) => taken(fields[name]!)))
  const filters = names('fql', ({ filter }) => filter !== false)
  const sorts = names('sort', ({ sort }) => sort === true)
  return [
    ...(filters.length > 0
      ? [`Filters: ${filters.map(code).join(' ')} ([what they are](#fields)).`, '']
      : []),
    ...(sorts.length > 0 ? [`Sorts: ${sorts.map(code).join(' ')}.`, ''] : []),
  ]
}

function bodyTable({ body, consumes = 'json' }: Operation): string[] {
  if (!body) return []
  const form = consumes === 'form' ? 'form' : 'JSON'
  return [
    `The body, as ${form}:`,
    '',
    table(['member', 'type', 'needed', 'meaning'], [...members(body, '', 4)]),
    '',
  ]
}

/** What is used of a JSON schema. */
interface Shape {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly description?: string
  readonly format?: string
}

function* members(schema: TSchema | Shape, prefix: string, depth: number): Generator<string[]> {
  const { properties = {}, required = [] } = schema as Shape
  for (const [name, member] of Object.entries(properties)) {
    const path = `${prefix}${name}`
    yield [code(path), typeWords(member), required.includes(name) ? 'yes' : '', member.description ?? '']
    const inner = objectIn(member)
    if (inner && depth > 1) yield* members(inner.shape, `${path}${inner.marks}.`, depth - 1)
  }
}

/** The object that a member is, or that a list of it holds. */
function objectIn(shape: Shape): { readonly shape: Shape; readonly marks: string } | undefined {
  if (shape.properties) return { shape, marks: '' }
  if (shape.items) {
    const inner = objectIn(shape.items)
    return inner && { shape: inner.shape, marks: `[]${inner.marks}` }
  }
  return shape.anyOf?.map(objectIn).find((inner) => inner !== undefined)
}

function typeWords(shape: Shape): string {
  if (shape.enum) return shape.enum.map((word) => code(String(word))).join(' ')
  if (shape.anyOf) return [...new Set(shape.anyOf.map(typeWords))].join(' or ')
  if (shape.type === 'array') return `list of ${shape.items ? typeWords(shape.items) : 'anything'}`
  if (shape.format === 'date-time') return 'time'
  return shape.type === 'string' ? 'text' : (shape.type ?? 'anything')
}

function exampleLines(id: string, operation: Operation, { request, shown }: Ran): string[] {
  const { headers, answer, cut } = shown
  const lines = ['```sh', commandLine(id, shown.request), '', curlLine(operation, shown.request), '```', '']
  if (request.refused) lines.push(request.refused.because, '')
  const { status, ...rest } = headers
  const said = Object.entries(rest).map(([name, value]) => `${name}: ${value}`)
  const body =
    answer === undefined
      ? []
      : [typeof answer === 'string' ? answer.trimEnd() : JSON.stringify(answer, undefined, 2)]
  return [
    ...lines,
    typeof answer === 'object' ? '```json' : '```text',
    ...(typeof answer === 'object'
      ? body
      : [`HTTP/1.1 ${status} ${STATUS_CODES[Number(status)]}`, ...said, ...body]),
    '```',
    '',
    ...(cut ? ['The answer is cut.', ''] : []),
  ]
}

function sentences(text: string): string[] {
  if (text === '') return []
  return text.split(/(?<=[.!?]) (?=\p{Lu})/u)
}
