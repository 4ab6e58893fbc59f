import { type Collection, type Operation, operationName } from '../../packages/contract/src/define.ts'
import type { Parameter } from '../../packages/contract/src/parts.ts'
import { comment, literal, memberName, shapeOf, typeOf } from './schema-type.ts'

type Schema = Readonly<Record<string, unknown>>

/** Path below the SDK's sources, and text. */
export type PrintedFile = readonly [path: string, text: string]

const note = '// Printed from the contract by `npm run generate`: change the contract, not this file.\n'

/**
 * The generated part of the SDK: for each collection its rows, parameters, inputs and the class with its operations; records
 * that several collections have; and the table of all operations. Throws where two things would have one name.
 */
export function sdkFiles(collections: readonly Collection[]): readonly PrintedFile[] {
  const homes = homesOf(collections)
  const shared = [...homes].filter(([, { file }]) => file === recordFile)
  checkNames(collections, [...homes.keys()])
  return [
    ...collections.map((each) => [fileOf(each), collectionText(each, collections, homes)] as const),
    [
      recordFile,
      recordText(
        shared.map(([, { schema }]) => schema),
        homes,
      ),
    ],
    ['operations.ts', operationText(collections)],
    ['index.ts', indexText(collections, homes)],
  ]
}

interface Home {
  readonly schema: Schema
  readonly file: string
}

const recordFile = 'records.ts'

/** `o-auth2.ts`: as the contract's own file is called. */
function fileOf({ name }: Collection): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').split(/\s+/)
  return `${words.join('-').toLowerCase()}.ts`
}

function className({ name }: Collection): string {
  return name.replaceAll(' ', '')
}

function pascal(id: string): string {
  return id.replaceAll(/(?:^|[_-])(?<letter>[a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Where each record is printed: with the one collection that has it, else with those that several have. */
function homesOf(collections: readonly Collection[]): ReadonlyMap<string, Home> {
  const homes = new Map<string, Home>()
  for (const each of collections)
    for (const operation of Object.values(each.operations))
      for (const schema of recordsIn([operation.body, operation.reply.schema])) {
        const title = String(schema['title'])
        const other = homes.get(title)
        const file = !other || other.file === fileOf(each) ? fileOf(each) : recordFile
        homes.set(title, { schema, file })
      }
  // What a shared record holds is shared too.
  for (const { schema, file } of [...homes.values()])
    if (file === recordFile)
      for (const inner of recordsIn([schema])) homes.set(String(inner['title']), { schema: inner, file })
  return new Map([...homes].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every record inside, however deep, itself included. */
function recordsIn(part: unknown): readonly Schema[] {
  if (typeof part !== 'object' || part === null) return []
  const inner = Object.values(part).flatMap(recordsIn)
  return typeof (part as Schema)['title'] === 'string' ? [part as Schema, ...inner] : inner
}

function checkNames(collections: readonly Collection[], records: readonly string[]): void {
  const names = [
    ...records,
    ...collections.map(className),
    ...collections.flatMap(({ operations }) =>
      Object.keys(operations).flatMap((id) => [`${pascal(id)}Input`, `${pascal(id)}Parameters`]),
    ),
    ...['Acknowledged', 'ApiError', 'Meta', 'Resource', 'Resources', 'Result', 'Service', 'CallOptions'],
  ]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`two things of the SDK are called ${twice}`)
}

function collectionText(
  each: Collection,
  collections: readonly Collection[],
  homes: ReadonlyMap<string, Home>,
): string {
  const file = fileOf(each)
  const used = new Set<string>()
  const name = (schema: Schema) => {
    used.add(String(schema['title']))
    return String(schema['title'])
  }
  const own = [...homes.values()].filter((home) => home.file === file)
  const records = own.map(({ schema }) => recordOf(schema, name))
  const inputs = Object.entries(each.operations).map(([id, operation]) => inputOf(id, operation, name))
  const methods = Object.entries(each.operations).map(([id, operation]) => methodOf(id, operation, name))
  // Operations of other collections that clients find here too; their types stay at home.
  const guests = collections
    .filter((other) => other !== each)
    .flatMap((other) =>
      Object.entries(other.operations)
        .filter(([, { alsoIn = [] }]) => alsoIn.includes(each.name))
        .map(([id, operation]) => ({ id, operation, file: fileOf(other) })),
    )
  const foreign = new Map<string, Set<string>>()
  const from = (path: string, type: string) => foreign.set(path, (foreign.get(path) ?? new Set()).add(type))
  for (const { id, operation, file: home } of guests) {
    from(home, `${pascal(id)}Input`)
    methods.push(methodOf(id, operation, name))
  }
  for (const title of used) {
    const home = homes.get(title)?.file
    if (home !== undefined && home !== file) from(home, title)
  }
  const body = [...records, ...inputs, classOf(each, methods)].join('\n')
  const envelopes = ['Acknowledged', 'Resource', 'Resources', 'Result'].filter((type) =>
    new RegExp(`\\b${type}\\b`).test(body),
  )
  const imports = [
    `import type { CallOptions } from '../operation.ts'`,
    `import type { ${envelopes.join(', ')} } from '../result.ts'`,
    `import { Service } from '../service.ts'`,
    ...[...foreign]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, types]) => `import type { ${[...types].sort().join(', ')} } from './${path}'`),
  ]
  return `${note}${imports.join('\n')}\n\n${body}`
}

function classOf(each: Collection, methods: readonly string[]): string {
  const dialect = each.dialect === 'falcon' ? 'Falcon' : 'Lanner'
  return `${comment([`The collection ${each.name} of the ${dialect} dialect.`])}export class ${className(each)} extends Service {\n${methods.join('\n')}}\n`
}

function recordOf(schema: Schema, name: (record: Schema) => string): string {
  const title = String(schema['title'])
  const words = typeof schema['description'] === 'string' ? [sentence(schema['description'])] : []
  const shape = shapeOf(schema, name, '')
  const declared = shape.startsWith('{\n') ? `interface ${title} ${shape}` : `type ${title} = ${shape}`
  return `${comment(words)}export ${declared}\n`
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(first) ? first : `${first}.`
}

/** Parameters and input of one operation. */
function inputOf(id: string, operation: Operation, name: (record: Schema) => string): string {
  const { query = {}, path = {}, body } = operation
  const parameters = Object.entries(query)
  const required = parameters.some(([, parameter]) => parameter.required)
  const lines = parameters.map(([key, parameter]) => {
    const words = comment(parameterWords(parameter), '  ')
    return `${words}  readonly ${memberName(key)}${parameter.required ? '' : '?'}: ${parameterType(parameter)}\n`
  })
  const own =
    parameters.length > 0
      ? `${comment([`Parameters of ${id}.`])}export interface ${pascal(id)}Parameters {\n${lines.join('')}}\n\n`
      : ''
  const members = [
    ...(parameters.length > 0
      ? [`  readonly parameters${required ? '' : '?'}: ${pascal(id)}Parameters\n`]
      : []),
    ...(Object.keys(path).length > 0 ? [`  readonly path: ${pathType(path)}\n`] : []),
    ...(body ? [`  readonly body: ${typeOf(body, name, '  ')}\n`] : []),
  ]
  const head = `${comment([`What goes with a call of ${id}.`])}export `
  return members.length > 0
    ? `${own}${head}interface ${pascal(id)}Input extends CallOptions {\n${members.join('')}}\n`
    : `${own}${head}type ${pascal(id)}Input = CallOptions\n`
}

function pathType(path: Readonly<Record<string, string>>): string {
  const members = Object.entries(path).map(
    ([part, words]) => `${comment([words], '    ')}    readonly ${memberName(part)}: string\n`,
  )
  return `{\n${members.join('')}  }`
}

function parameterType({ kind, choices }: Parameter): string {
  const text = choices ? choices.map(literal).join(' | ') : 'string'
  switch (kind) {
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'time':
      return 'string | Date'
    case 'list':
      // Joined by commas, or one by one.
      return `string | readonly ${choices ? `(${text})` : text}[]`
    default:
      return text
  }
}

function parameterWords(parameter: Parameter): readonly string[] {
  const { description, minimum, maximum, maximumItems, window, fields, kind } = parameter
  const bounds = [
    minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : minimum === undefined
        ? maximum === undefined
          ? ''
          : `at most ${maximum}`
        : `at least ${minimum}`,
    maximumItems === undefined ? '' : `at most ${maximumItems} items`,
    window === undefined ? '' : `with limit at most ${window}`,
    parameter.default === undefined ? '' : `${JSON.stringify(parameter.default)} unless said`,
  ].filter(Boolean)
  const usable = Object.entries(fields ?? {})
    .filter(([, field]) => (kind === 'sort' ? field.sort === true : field.filter !== false))
    .map(([field]) => field)
  return [
    [description, ...bounds].join('; '),
    ...(usable.length > 0 ? [`Fields: ${usable.join(', ')}.`] : []),
  ]
}

function bodyType({ reply }: Operation, name: (record: Schema) => string): string {
  switch (reply.kind) {
    case 'resources':
      return `Resources<${typeOf(reply.schema, name, '  ')}>`
    case 'resource':
      return `Resource<${typeOf(reply.schema, name, '  ')}>`
    case 'bare':
      return typeOf(reply.schema, name, '  ')
    case 'acknowledged':
      return 'Acknowledged'
    case 'file':
      return 'Uint8Array'
    case 'empty':
      return 'undefined'
  }
}

/** Whether a call needs to be given nothing. */
function isOptional({ query = {}, path = {}, body }: Operation): boolean {
  return !body && Object.keys(path).length === 0 && !Object.values(query).some(({ required }) => required)
}

function methodOf(id: string, operation: Operation, name: (record: Schema) => string): string {
  const { summary, description, quirks = [], scope } = operation
  const snake = operationName(id, operation)
  const result = `Promise<Result<${bodyType(operation, name)}>>`
  const call = `(input${isOptional(operation) ? '?' : ''}: ${pascal(id)}Input): ${result} {\n    return this.client.command(${literal(id)}, input)\n  }\n`
  const words = [
    summary,
    ...(description ? [description] : []),
    ...(quirks.length > 0 ? ['', ...quirks] : []),
    ...(scope === 'none' ? [] : ['', `Scope: ${scope.join(' or ')}.`]),
  ]
  const method = `${comment(words, '  ')}  ${memberName(id)}${call}`
  return snake === id ? method : `${method}\n${comment([`The same as ${id}.`], '  ')}  ${snake}${call}`
}

function recordText(schemas: readonly Schema[], homes: ReadonlyMap<string, Home>): string {
  const name = (schema: Schema) => {
    const title = String(schema['title'])
    if (homes.get(title)?.file !== recordFile) throw new Error(`${title} belongs to the shared records`)
    return title
  }
  return `${note}\n${schemas.map((schema) => recordOf(schema, name)).join('\n')}`
}

function operationText(collections: readonly Collection[]): string {
  const titles = new Map<string, Set<string>>()
  const rows: string[] = []
  const types: string[] = []
  const homes = homesOf(collections)
  const use = (file: string, type: string) => titles.set(file, (titles.get(file) ?? new Set()).add(type))
  for (const each of collections)
    for (const [id, operation] of Object.entries(each.operations)) {
      const body = bodyType(operation, (schema) => {
        const title = String(schema['title'])
        use(homes.get(title)!.file, title)
        return title
      })
      use(fileOf(each), `${pascal(id)}Input`)
      types.push(`  ${memberName(id)}: { readonly input: ${pascal(id)}Input; readonly body: ${body} }\n`)
      rows.push(factsOf(each, id, operation))
    }
  const imports = [...titles]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([file, names]) =>
        `import type {\n${[...names]
          .sort()
          .map((name) => `  ${name},\n`)
          .join('')}} from './${file}'`,
    )
  return `${note}import type { OperationFacts } from '../operation.ts'
import type { Acknowledged, Resource, Resources } from '../result.ts'
${imports.join('\n')}

/** What goes into each operation, and the body of its good answer. */
export interface OperationTypes {
${types.join('')}}

/** The id of an operation. */
export type OperationId = keyof OperationTypes

/** Every operation of both dialects, by its id. */
export const operations = {
${rows.join('')}} as const satisfies Readonly<Record<OperationId, OperationFacts>>
`
}

function factsOf(each: Collection, id: string, operation: Operation): string {
  const { method, url, summary, reply, alsoCalled, consumes, scope, uploadHost } = operation
  const answer = reply.kind === 'file' ? 'bytes' : reply.kind === 'empty' ? 'nothing' : 'json'
  const facts = {
    collection: each.name,
    name: operationName(id, operation),
    summary,
    method,
    url,
    answer,
    ...(alsoCalled ? { alsoCalled } : {}),
    ...(consumes === 'form' ? { form: true } : {}),
    ...(scope === 'none' ? { tokenless: true } : {}),
    ...(uploadHost ? { uploadHost } : {}),
  }
  const members = Object.entries(facts).map(
    ([key, value]) =>
      `    ${key}: ${Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : literal(value)},\n`,
  )
  return `  ${memberName(id)}: {\n${members.join('')}  },\n`
}

function indexText(collections: readonly Collection[], homes: ReadonlyMap<string, Home>): string {
  const files = new Map<string, string[]>([[recordFile, []]])
  for (const each of collections) {
    const inputs = Object.entries(each.operations).flatMap(([id, { query = {} }]) => [
      `type ${pascal(id)}Input`,
      ...(Object.keys(query).length > 0 ? [`type ${pascal(id)}Parameters`] : []),
    ])
    files.set(fileOf(each), [className(each), ...inputs])
  }
  for (const [title, { file }] of homes) files.get(file)!.push(`type ${title}`)
  files.set('operations.ts', ['type OperationId', 'type OperationTypes', 'operations'])
  const lines = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, names]) => `export {\n${names.map((name) => `  ${name},\n`).join('')}} from './${file}'\n`)
  return `${note}${lines.join('')}`
}
