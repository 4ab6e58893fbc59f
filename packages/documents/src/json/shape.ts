import { DocumentFault } from '../document-fault.ts'
import { limits } from '../limits.ts'
import { quoted } from '../printable.ts'
import { isObject } from '../untrusted.ts'
import { reportParts } from './schema.ts'
import type { SchemaNode } from './schema-node.ts'

/** The value with its fields in the order of the schema, fields that the schema does not know left out. */
export function inSchemaOrder(value: unknown, node: SchemaNode): unknown {
  const { type, properties, additionalProperties, items } = resolved(node)
  if (type === 'array' && items && Array.isArray(value)) {
    return resolved(items).type === 'string' ? value : value.map((item) => inSchemaOrder(item, items))
  }
  if (type !== 'object' || !isObject(value)) return value
  if (additionalProperties) return Object.fromEntries(Object.entries(value).sort(byKey))
  return Object.fromEntries(
    Object.entries(properties ?? {}).flatMap(([name, child]) =>
      value[name] === undefined ? [] : [[name, inSchemaOrder(value[name], child)]],
    ),
  )
}

/**
 * The value if it has the shape that the schema describes, with the fields that the schema knows and no others.
 * `where` names it in messages. Throws DocumentFault `malformed`.
 */
export function shaped<T>(value: unknown, node: SchemaNode, where: string): T {
  return read(value, resolved(node), where) as T
}

function read(value: unknown, node: SchemaNode, where: string): unknown {
  switch (node.type) {
    case 'array':
      return readList(value, node, where)
    case 'object':
      return readObject(value, node, where)
    case 'string':
      return readText(value, node, where)
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(where, 'true or false')
      return value
    default:
      return readNumber(value, node, where)
  }
}

function readList(value: unknown, node: SchemaNode, where: string): unknown[] {
  if (!Array.isArray(value)) throw mismatch(where, 'a list')
  if (value.length > limits.components)
    throw new DocumentFault(
      'limit-exceeded',
      `${where} has ${value.length} items; at most ${limits.components} are read`,
    )
  const items = resolved(node.items ?? {})
  return value.map((item, index) => read(item, items, `${where}[${index}]`))
}

function readObject(value: unknown, node: SchemaNode, where: string): unknown {
  if (!isObject(value)) throw mismatch(where, 'an object')
  if (node.additionalProperties) {
    const child = resolved(node.additionalProperties)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, read(item, child, `${where}.${quoted(name, 80)}`)]),
    )
  }
  const entries: [string, unknown][] = []
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined
    if (item !== undefined && item !== null)
      entries.push([name, read(item, resolved(child), `${where}.${name}`)])
    else if (node.required?.includes(name))
      throw new DocumentFault('malformed', `${where} has no field \`${name}\``)
  }
  return Object.fromEntries(entries)
}

function readText(value: unknown, node: SchemaNode, where: string): string {
  if (typeof value !== 'string') throw mismatch(where, 'a text')
  if (value.length > limits.text)
    throw new DocumentFault(
      'limit-exceeded',
      `${where} has ${value.length} characters; at most ${limits.text} are read`,
    )
  if (node.enum && !node.enum.includes(value)) throw mismatch(where, `one of ${node.enum.join(', ')}`)
  if (node.const !== undefined && value !== node.const) throw mismatch(where, node.const)
  if (node.pattern && !new RegExp(node.pattern).test(value))
    throw mismatch(where, 'a sha256 or sha512 digest')
  return value
}

function readNumber(value: unknown, node: SchemaNode, where: string): number {
  if (typeof value !== 'number' || (node.type === 'integer' && !Number.isSafeInteger(value)))
    throw mismatch(where, node.type === 'integer' ? 'a whole number' : 'a number')
  if (value < (node.minimum ?? -Infinity) || value > (node.maximum ?? Infinity))
    throw mismatch(where, `between ${node.minimum ?? 'any'} and ${node.maximum ?? 'any'}`)
  return value
}

function resolved(node: SchemaNode): SchemaNode {
  if (!node.$ref) return node
  const name = node.$ref.slice('#/$defs/'.length)
  return (reportParts as Readonly<Record<string, SchemaNode>>)[name]
}

function mismatch(where: string, wanted: string): DocumentFault {
  return new DocumentFault('malformed', `${where} is not ${wanted}`)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
