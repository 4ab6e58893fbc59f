import type { TSchema } from '../../packages/contract/src/parts.ts'

/** Keywords that a type or its comment says; another one must be thought about before it is used. */
const known = new Set([
  'title',
  'description',
  'type',
  'properties',
  'required',
  'patternProperties',
  'items',
  'anyOf',
  'enum',
  'format',
  'minLength',
  'maxLength',
  'maxItems',
  'minimum',
  'maximum',
])

type Schema = Readonly<Record<string, unknown>>

/** A schema as the type of its values; schemas with a title are named, and told to `name`. */
export function typeOf(schema: TSchema | Schema, name: (record: Schema) => string, indent = ''): string {
  return typeof (schema as Schema)['title'] === 'string'
    ? name(schema as Schema)
    : shapeOf(schema as Schema, name, indent)
}

/** The same, but never by its name: what stands behind it. */
export function shapeOf(schema: Schema, name: (record: Schema) => string, indent: string): string {
  for (const keyword of Object.keys(schema))
    if (!known.has(keyword)) throw new Error(`the schema keyword ${keyword} has no type`)
  const { type, items, properties, patternProperties } = schema
  const inside = (part: unknown) => typeOf(part as Schema, name, indent)
  if (Array.isArray(schema['enum'])) return schema['enum'].map(literal).join(' | ')
  if (Array.isArray(schema['anyOf'])) return [...new Set(schema['anyOf'].map(inside))].join(' | ')
  switch (type) {
    case undefined:
      return 'unknown'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
    case 'number':
      return 'number'
    case 'array': {
      const item = inside(items)
      return `readonly ${/^[\w.]+$|^\{[^|]*\}$/s.test(item) ? item : `(${item})`}[]`
    }
    case 'object':
      if (patternProperties)
        return `Readonly<Record<string, ${Object.values(patternProperties).map(inside).join(' | ')}>>`
      return `{\n${members(schema, properties as Schema, name, `${indent}  `)}${indent}}`
    default:
      throw new Error(`the schema type ${JSON.stringify(type)} has no type`)
  }
}

/** The members of an object, a line each, with their descriptions above. */
function members(
  schema: Schema,
  properties: Schema,
  name: (record: Schema) => string,
  indent: string,
): string {
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? [])
  return Object.entries(properties)
    .map(([key, value]) => {
      const words = wordsOf(value as Schema)
      const type = typeOf(value as Schema, name, indent)
      return `${comment(words, indent)}${indent}readonly ${memberName(key)}${required.has(key) ? '' : '?'}: ${type}\n`
    })
    .join('')
}

/** What a comment says of a value: its description, its format and its bounds; of one that may be null, the value's. */
function wordsOf(schema: Schema): readonly string[] {
  const { title, description, format, minLength, maxLength, maxItems, anyOf } = schema
  if (typeof title === 'string') return []
  const line = [
    description,
    format === 'date-time' ? 'RFC 3339' : '',
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    maxItems === undefined ? '' : `at most ${maxItems} items`,
  ]
    .filter(Boolean)
    .join('; ')
  if (line !== '') return [line]
  return Array.isArray(anyOf) ? anyOf.flatMap(wordsOf).slice(0, 1) : []
}

/** A doc comment of one or several lines; empty where there is nothing to say. */
export function comment(lines: readonly string[], indent = ''): string {
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/'))
  if (safe.length === 0) return ''
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`
  return `${indent}/**\n${safe.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

/** A literal as our sources have it. */
export function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

export function memberName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : literal(name)
}
