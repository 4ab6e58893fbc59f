import { type Collection, type Operation, operationName } from './define.ts'
import { statusesOf } from './errors.ts'
import type { FieldTable } from './field-table.ts'
import { type Json, SchemaComponents } from './openapi-schemas.ts'
import { bodyOf, type Parameter } from './parts.ts'

/** An OpenAPI 3.1 document, as JSON. */
export type OpenApiDocument = { readonly [member: string]: Json }

/**
 * The OpenAPI 3.1 document of the collections. Beside what the standard has, an operation says its collection's dialect
 * (`x-dialect`), tier (`x-tier`), scopes of which one is enough (`x-scopes`), other names (`x-name`, `x-also-called`,
 * `x-also-in`), other methods (`x-also-methods`) and quirks (`x-quirks`); a parameter its fields (`x-fields`), window
 * (`x-window`) and other spellings (`x-aliases`).
 */
export function openApiDocument(
  collections: readonly Collection[],
  { version }: { readonly version: string },
): OpenApiDocument {
  const schemas = new SchemaComponents()
  const paths: Record<string, Record<string, Json>> = {}
  for (const each of collections)
    for (const [id, operation] of Object.entries(each.operations)) {
      const path = (paths[operation.url] ??= {})
      path[operation.method.toLowerCase()] = operationObject(each, id, operation, schemas)
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lanner',
      summary: 'Container image assessment platform',
      description:
        'Two dialects on one listener: the container collections as Falcon clients speak them, and our own below /lanner/v1.',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Wherever the document was read from.
    servers: [{ url: '/' }],
    tags: collections.map(({ name, dialect }) => ({ name, 'x-dialect': dialect })),
    paths,
    components: {
      responses: { Refusal: refusal(schemas), TooMany: { ...refusal(schemas), headers: retryHeaders } },
      schemas: schemas.all(),
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          description: 'Client id and secret are exchanged for a bearer token that lives half an hour.',
          flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: scopesOf(collections) } },
        },
      },
    },
  }
}

function operationObject(
  { name, dialect }: Collection,
  id: string,
  operation: Operation,
  schemas: SchemaComponents,
): Json {
  const { scope, summary, description, tier, alsoCalled, alsoIn, alsoMethods, quirks } = operation
  const parameters = [
    ...Object.entries(operation.path ?? {}).map(([part, words]) => ({
      name: part,
      in: 'path',
      required: true,
      description: words,
      schema: { type: 'string' },
    })),
    ...Object.entries(operation.query ?? {}).map(([key, parameter]) => parameterObject(key, parameter)),
  ]
  return {
    operationId: id,
    tags: [name],
    summary,
    ...(description === undefined ? {} : { description }),
    // Any one of them lets in.
    security: scope === 'none' ? [] : scope.map((each) => ({ oauth2: [each] })),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body ? { requestBody: requestBody(operation, schemas) } : {}),
    responses: responses(operation, schemas),
    'x-dialect': dialect,
    'x-tier': tier,
    'x-scopes': scope === 'none' ? [] : [...scope],
    'x-name': operationName(id, operation),
    ...(alsoCalled ? { 'x-also-called': [...alsoCalled] } : {}),
    ...(alsoIn ? { 'x-also-in': [...alsoIn] } : {}),
    ...(alsoMethods ? { 'x-also-methods': [...alsoMethods] } : {}),
    ...(quirks ? { 'x-quirks': [...quirks] } : {}),
  }
}

function parameterObject(name: string, parameter: Parameter): Json {
  const { kind, description, required, window, aliases, fields } = parameter
  const list = kind === 'list'
  return {
    name,
    in: 'query',
    description,
    ...(required ? { required } : {}),
    ...(list ? { style: 'form', explode: true } : {}),
    schema: list
      ? {
          type: 'array',
          items: valueSchema(parameter),
          ...(parameter.maximumItems === undefined ? {} : { maxItems: parameter.maximumItems }),
        }
      : valueSchema(parameter),
    ...(window === undefined ? {} : { 'x-window': window }),
    ...(aliases ? { 'x-aliases': [...aliases] } : {}),
    ...(fields ? { 'x-fields': fieldsOf(fields, kind) } : {}),
  }
}

const jsonTypes = {
  text: { type: 'string' },
  list: { type: 'string' },
  fql: { type: 'string' },
  sort: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
} as const satisfies Readonly<Record<Parameter['kind'], Json>>

function valueSchema({ kind, minimum, maximum, choices, default: initial }: Parameter): Json {
  return {
    ...jsonTypes[kind],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(choices ? { enum: [...choices] } : {}),
    ...(initial === undefined ? {} : { default: initial }),
  }
}

/** What can be written in an expression, or be sorted by. */
function fieldsOf(fields: FieldTable, kind: Parameter['kind']): Json {
  const usable = Object.entries(fields).filter(([, field]) =>
    kind === 'sort' ? field.sort === true : field.filter !== false,
  )
  return Object.fromEntries(
    usable.map(([name, { kind: type, words, aliases, description }]) => [
      name,
      {
        kind: type,
        description,
        ...(words ? { words: [...words] } : {}),
        ...(aliases ? { aliases: [...aliases] } : {}),
      },
    ]),
  )
}

function requestBody({ body, consumes }: Operation, schemas: SchemaComponents): Json {
  const type = consumes === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  return { required: true, content: { [type]: { schema: body ? schemas.use(body) : {} } } }
}

const traceHeaders: Json = {
  'X-Cs-Traceid': { description: 'the trace id of the log', schema: { type: 'string' } },
  'X-Ratelimit-Limit': { description: 'calls a minute', schema: { type: 'integer' } },
  'X-Ratelimit-Remaining': { description: 'calls that are left of them', schema: { type: 'integer' } },
}

const retryHeaders: Json = {
  'X-Ratelimit-Retryafter': {
    description: 'Unix time in seconds at which to go on',
    schema: { type: 'integer' },
  },
  'Retry-After': { description: 'seconds to wait', schema: { type: 'integer' } },
}

function responses(operation: Operation, schemas: SchemaComponents): Json {
  const { status = 200, reply } = operation
  const good = bodyOf(reply)
  const content: Json = good
    ? { 'application/json': { schema: schemas.use(good) } }
    : // Bytes have a type of content and no schema.
      Object.fromEntries(
        (reply.kind === 'file' ? (reply.produces ?? []) : []).map((type) => [type, {}] as const),
      )
  return Object.fromEntries(
    [...statusesOf(operation)].map(([code, when]) => [
      String(code),
      code === status
        ? {
            description: when,
            headers: traceHeaders,
            ...(Object.keys(content).length > 0 ? { content } : {}),
          }
        : { $ref: `#/components/responses/${code === 429 ? 'TooMany' : 'Refusal'}`, description: when },
    ]),
  )
}

function refusal(schemas: SchemaComponents) {
  const meta = schemas.use(bodyOf({ kind: 'acknowledged' })!)
  return {
    description: 'refused, with what is wrong in errors',
    headers: traceHeaders,
    content: { 'application/json': { schema: meta } },
  }
}

function scopesOf(collections: readonly Collection[]): Readonly<Record<string, string>> {
  const users = new Map<string, string[]>()
  for (const { operations } of collections)
    for (const [id, { scope }] of Object.entries(operations))
      for (const each of scope === 'none' ? [] : scope) users.set(each, [...(users.get(each) ?? []), id])
  return Object.fromEntries(
    [...users]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([scope, ids]) => [scope, `lets call ${ids.join(', ')}`]),
  )
}
