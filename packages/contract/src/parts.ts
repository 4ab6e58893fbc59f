import type { Checked } from '@lanner/fql'
import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import type { FieldTable } from './field-table.ts'

/** `powered_by`, `trace_id` and the like: what every enveloped answer says of itself. */
export const Meta = Type.Object({
  query_time: Type.Number({ description: 'seconds that the answer took' }),
  trace_id: Type.String(),
  powered_by: Type.Optional(Type.String()),
  pagination: Type.Optional(
    Type.Object({ limit: Type.Integer(), offset: Type.Integer(), total: Type.Integer() }),
  ),
  writes: Type.Optional(Type.Object({ resources_affected: Type.Integer() })),
})

/** One error of an envelope. */
export const ApiError = Type.Object({
  code: Type.Integer(),
  message: Type.String(),
  id: Type.Optional(Type.String()),
})

/** An object schema with a name: the SDK's interface and the component of the OpenAPI document are called so. */
export function record<const P extends TProperties>(title: string, properties: P, description?: string) {
  return Type.Object(properties, description === undefined ? { title } : { title, description })
}

/** Such an object whose members may each be missing. */
export function partial<const P extends TProperties>(title: string, properties: P, description?: string) {
  return Type.Partial(Type.Object(properties), description === undefined ? { title } : { title, description })
}

/** The schema or null. */
export function nullable<const S extends TSchema>(schema: S, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description })
}

/** An RFC 3339 instant in UTC. */
export function time(description?: string) {
  return Type.String(
    description === undefined ? { format: 'date-time' } : { format: 'date-time', description },
  )
}

/**
 * How an operation answers. The dialect makes the body of it: a handler only gives what is inside.
 * - `resources`: the envelope with an array; `resource`: the envelope with one object.
 * - `acknowledged`: the envelope with neither.
 * - `bare`: the value itself, without an envelope.
 * - `file`: bytes with a content type; `empty`: headers only.
 */
export type Reply<S extends TSchema = TSchema> =
  | { readonly kind: 'resources' | 'resource' | 'bare'; readonly schema: S }
  | {
      readonly kind: 'acknowledged' | 'file' | 'empty'
      readonly schema?: undefined
      readonly produces?: readonly string[]
    }

/** Answers with the envelope and an array in it. */
export function resources<S extends TSchema>(schema: S) {
  return { kind: 'resources', schema } as const satisfies Reply<S>
}

/** Answers with the envelope and one object in it. */
export function resource<S extends TSchema>(schema: S) {
  return { kind: 'resource', schema } as const satisfies Reply<S>
}

/** Answers with the value itself. */
export function bare<S extends TSchema>(schema: S) {
  return { kind: 'bare', schema } as const satisfies Reply<S>
}

/** Answers with the envelope and no resources. */
export function acknowledged() {
  return { kind: 'acknowledged' } as const satisfies Reply
}

/** Answers with bytes of one of these content types. */
export function file(...produces: readonly string[]) {
  return { kind: 'file', produces } as const satisfies Reply
}

/** Answers with headers only. */
export function empty() {
  return { kind: 'empty' } as const satisfies Reply
}

/** The schema of the whole body as it goes over the wire, where there is a JSON one. */
export function bodyOf(reply: Reply): TSchema | undefined {
  if (reply.kind === 'bare') return reply.schema
  if (reply.kind === 'acknowledged') return Type.Object({ meta: Meta, errors: Type.Array(ApiError) })
  if (!reply.schema) return undefined
  const resources = reply.kind === 'resource' ? reply.schema : Type.Array(reply.schema)
  return Type.Object({ meta: Meta, errors: Type.Array(ApiError), resources })
}

/** A query parameter. `fql` and `sort` are read by the dialect against the field table. */
export interface Parameter<Value = unknown> {
  readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'list' | 'time' | 'fql' | 'sort'
  readonly description: string
  readonly required?: boolean
  /** Bounds of an integer; beyond them the answer is a 400. */
  readonly minimum?: number
  readonly maximum?: number
  /** Of an offset: it and the limit together must not pass this. */
  readonly window?: number
  /** Most values of a list; more answer a 400. */
  readonly maximumItems?: number
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  /** Other names that are taken for the same parameter. */
  readonly aliases?: readonly string[]
  readonly fields?: FieldTable
  /** Only for the type. */
  readonly value?: Value
}

type Options = Omit<Parameter, 'kind' | 'description' | 'value' | 'fields'>

function parameter<Value>(kind: Parameter['kind'], description: string) {
  // The options stay in the type: whether a value is always there depends on them.
  return <const O extends Options>(options: O) => ({ kind, description, ...options }) as Parameter<Value> & O
}

type None = Record<never, never>

/** A parameter that is text. */
export const text = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<string>('text', description)(options)
/** A parameter that is a whole number. */
export const integer = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<number>('integer', description)(options)
/** A parameter that is a number. */
export const number = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<number>('number', description)(options)
/** A parameter that is `true` or `false`. */
export const boolean = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<boolean>('boolean', description)(options)
/** An RFC 3339 instant; a handler gets it as `Date.toISOString` writes it. */
export const instant = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<string>('time', description)(options)
/** Repeated (`ids=a&ids=b`), joined by commas (`ids=a%2Cb`), or both. */
export const list = <const O extends Options = None>(description: string, options: O = {} as O) =>
  parameter<readonly string[]>('list', description)(options)
/** An FQL expression over a field table: a handler gets the checked tree. */
export const fql = (fields: FieldTable): Parameter<Checked> => ({
  kind: 'fql',
  description: 'FQL expression that selects the records',
  fields,
})
/** `column.asc`, `column|desc` or `column` over a field table's sortable fields. */
export const sortBy = (fields: FieldTable): Parameter<readonly SortKey[]> => ({
  kind: 'sort',
  description: 'column and direction, such as first_seen.desc',
  fields,
})

/** One column of a sort order. */
export interface SortKey {
  /** The field's name in the table, aliases resolved. */
  readonly field: string
  readonly descending: boolean
}

/** Parameters by name. */
export type Query = Readonly<Record<string, Parameter>>

type ValueOf<P> = P extends Parameter<infer V> ? V : never
/** What a handler gets: required parameters and those with a default are there. */
export type QueryValues<Q extends Query> = {
  readonly [K in keyof Q as Q[K] extends { required: true } | { default: string | number | boolean }
    ? K
    : never]: ValueOf<Q[K]>
} & {
  readonly [K in keyof Q]?: ValueOf<Q[K]>
}

/**
 * `limit` and `offset` with the bounds that the operation states: the largest page, the page where none is asked for
 * (100), and how far the last record of a page may lie from the first of all.
 */
export function paging(bounds: {
  readonly limit: number
  readonly default?: number
  readonly window?: number
}) {
  return {
    limit: integer('largest number of records to return', {
      minimum: 1,
      maximum: bounds.limit,
      default: bounds.default ?? 100,
    }),
    offset: integer('index of the first record to return', {
      minimum: 0,
      default: 0,
      ...(bounds.window === undefined ? {} : { window: bounds.window }),
    }),
  } as const
}

export type { Static, TSchema }
