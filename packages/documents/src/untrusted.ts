import { limits } from './limits.ts'

/** An object of a parsed JSON document; nothing is known of its fields. */
export type Untrusted = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Untrusted {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own field; what a document inherits from no prototype (`constructor`) is not there. */
export function field(object: Untrusted, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A text that is neither empty nor longer than is read. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= limits.text ? value : undefined
}

export function textField(object: Untrusted, name: string): string | undefined {
  return textOf(field(object, name))
}

export function objectField(object: Untrusted, name: string): Untrusted | undefined {
  const value = field(object, name)
  return isObject(value) ? value : undefined
}

/** The objects of a list; what else lies in it is left out. */
export function objectsOf(object: Untrusted, name: string, most: number = limits.list): readonly Untrusted[] {
  const value = field(object, name)
  return Array.isArray(value) ? value.slice(0, most).filter(isObject) : []
}

export function textsOf(object: Untrusted, name: string): readonly string[] {
  const value = field(object, name)
  if (!Array.isArray(value)) return []
  return value.slice(0, limits.list).flatMap((item) => textOf(item) ?? [])
}
