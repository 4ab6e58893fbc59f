/** The part of JSON Schema (draft 2020-12) that our report needs: enough to write, check and document it. */
export interface SchemaNode {
  readonly description?: string
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean'
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  /** Of an object whose keys are data: labels, qualifiers. */
  readonly additionalProperties?: SchemaNode
  readonly items?: SchemaNode
  readonly enum?: readonly string[]
  readonly const?: string
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly $ref?: string
}

interface Optional {
  readonly optional: SchemaNode
}

/** Every field of T, those that may be absent marked so: a field added to the model does not compile until it is here. */
type Fields<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional : SchemaNode }

export function object<T>(description: string, fields: Fields<T>): SchemaNode {
  const entries = Object.entries<SchemaNode | Optional>(fields)
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, node]) => [name, 'optional' in node ? node.optional : node]),
    ),
    required: entries.filter(([, node]) => !('optional' in node)).map(([name]) => name),
  }
}

export const optional = (node: SchemaNode): Optional => ({ optional: node })
export const text = (description: string): SchemaNode => ({ description, type: 'string' })
export const time = (description: string): SchemaNode => ({
  description,
  type: 'string',
  format: 'date-time',
})
export const flag = (description: string): SchemaNode => ({ description, type: 'boolean' })
export const count = (description: string): SchemaNode => ({ description, type: 'integer', minimum: 0 })
export const share = (description: string): SchemaNode => ({
  description,
  type: 'number',
  minimum: 0,
  maximum: 1,
})
export const digest = (description: string): SchemaNode => ({
  description,
  type: 'string',
  pattern: '^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$',
})
export const oneOf = (description: string, words: readonly string[]): SchemaNode => ({
  description,
  type: 'string',
  enum: words,
})
export const list = (description: string, items: SchemaNode): SchemaNode => ({
  description,
  type: 'array',
  items,
})
export const texts = (description: string): SchemaNode => list(description, { type: 'string' })
export const map = (description: string): SchemaNode => ({
  description,
  type: 'object',
  additionalProperties: { type: 'string' },
})
export const ref = (name: string, description?: string): SchemaNode => ({
  ...(description ? { description } : {}),
  $ref: `#/$defs/${name}`,
})
