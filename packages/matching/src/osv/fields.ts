/** Far above anything published (856 packages, 1,583 versions were the most seen), far below what hurts. */
export const caps = {
  affected: 50_000,
  rangesPerPackage: 10_000,
  eventsPerRange: 10_000,
  versionsPerPackage: 100_000,
  list: 10_000,
  references: 100,
  identifier: 256,
  name: 1_024,
  version: 512,
  summary: 1_000,
  details: 4_000,
  address: 2_048,
} as const

/** What refuses a record; `readOsv` makes a `problem` of it. */
export class Malformed extends Error {}

/** A JSON object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectOf(value: unknown, where: string): Fields {
  if (!isObject(value)) throw new Malformed(`${where} is not an object`)
  return value
}

export function listOf(value: unknown, where: string, cap: number): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Malformed(`${where} is not a list`)
  if (value.length > cap) throw new Malformed(`${where} has ${value.length} entries, more than ${cap}`)
  return value
}

export function textOf(value: unknown, where: string, cap: number): string {
  if (typeof value !== 'string') throw new Malformed(`${where} is not a text`)
  if (value.length === 0) throw new Malformed(`${where} is empty`)
  if (value.length > cap) throw new Malformed(`${where} is longer than ${cap} characters`)
  return value
}

/** Control characters in an identifier would end up in terminals, file names and keys. */
export function identifierOf(value: unknown, where: string, cap: number = caps.identifier): string {
  const text = textOf(value, where, cap)
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new Malformed(`${where} contains control characters`)
  return text
}

/** The texts of a list that is for people or for look-up only: what is not a short text is left out. */
export function texts(value: unknown, cap: number, length: number = caps.identifier): string[] {
  if (!Array.isArray(value)) return []
  const found = new Set<string>()
  for (const item of value) {
    if (found.size >= cap) break
    if (typeof item === 'string' && item.length > 0 && item.length <= length) found.add(item)
  }
  return [...found]
}

export function optionalText(value: unknown, cap: number): string | undefined {
  if (typeof value !== 'string' || value.length === 0) return undefined
  return value.length > cap ? value.slice(0, cap) : value
}

/** RFC 3339 with a zone; seconds may carry a fraction. */
const instant = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:[Zz]|[+-]\d{2}:?\d{2})$/

export function optionalInstant(value: unknown): string | undefined {
  return typeof value === 'string' && instant.test(value) ? value : undefined
}
