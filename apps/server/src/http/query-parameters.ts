import type { Operation, Parameter } from '@lanner/contract'
import { RequestFault } from '../use-cases/request-fault.ts'
import { readFilterParameter, readSortParameter } from './filter-parameters.ts'

/** Most values that a list parameter may have where nothing else is declared. */
export const maxListValues = 5000

type ReadQuery = (url: string, now: number) => Record<string, unknown>

interface Reader {
  readonly name: string
  readonly names: readonly string[]
  readonly parameter: Parameter
}

/**
 * A reader of an operation's query. Names that it does not know are let pass: clients hand on whatever their caller gave.
 * Empty values count as absent.
 */
export function queryReader(operation: Operation): ReadQuery {
  const readers: readonly Reader[] = Object.entries(operation.query ?? {}).map(([name, parameter]) => ({
    name,
    names: [name, ...(parameter.aliases ?? [])],
    parameter,
  }))
  const required = readers.some(({ parameter }) => parameter.required)
  const defaults = Object.fromEntries(
    readers.flatMap(({ name, parameter }) =>
      parameter.default === undefined ? [] : [[name, parameter.default]],
    ),
  )
  return (url, now) => {
    const at = url.indexOf('?')
    if (at < 0 && !required) return { ...defaults }
    const sent = new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
    const values: Record<string, unknown> = {}
    for (const { name, names, parameter } of readers) {
      const texts = names.flatMap((spelling) => sent.getAll(spelling)).filter((text) => text !== '')
      if (texts.length > 0) values[name] = read(name, parameter, texts, now)
      else if (parameter.required) throw new RequestFault('invalid', `${name}: this parameter is required`)
      else if (parameter.default !== undefined) values[name] = parameter.default
    }
    checkWindow(operation, values)
    return values
  }
}

/** How far into a list its pages may reach. */
function checkWindow(operation: Operation, values: Readonly<Record<string, unknown>>): void {
  const window = operation.query?.['offset']?.window
  if (window === undefined) return
  const end = Number(values['offset'] ?? 0) + Number(values['limit'] ?? 0)
  if (end > window)
    throw new RequestFault(
      'invalid',
      `offset: offset and limit reach to ${end}, at most to ${window} is possible`,
    )
}

function read(name: string, parameter: Parameter, texts: readonly string[], now: number): unknown {
  // Said more than once, a single value's last word counts.
  const text = texts.at(-1)!
  switch (parameter.kind) {
    case 'list':
      return readList(name, parameter, texts)
    case 'integer':
    case 'number':
      return readNumber(name, parameter, text)
    case 'boolean':
      return readBoolean(name, text)
    case 'time':
      return readTime(name, text)
    case 'fql':
      return readFilterParameter(name, parameter.fields!, text, now)
    case 'sort':
      return readSortParameter(name, parameter.fields!, text)
    case 'text':
      return chosen(name, parameter, text)
  }
}

function readList(name: string, parameter: Parameter, texts: readonly string[]): readonly string[] {
  // A list that was encoded twice still has its commas encoded.
  const values = new Set(
    texts
      .flatMap((text) => text.split(/,|%2C/i))
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  )
  const most = parameter.maximumItems ?? maxListValues
  if (values.size > most)
    throw new RequestFault('invalid', `${name}: ${values.size} values, at most ${most} are taken at once`)
  if (values.size === 0 && parameter.required)
    throw new RequestFault('invalid', `${name}: this parameter is required`)
  return [...values].map((value) => chosen(name, parameter, value))
}

function chosen(name: string, parameter: Parameter, text: string): string {
  const { choices } = parameter
  // PostgreSQL has no text with one: nothing could be equal to it.
  if (text.includes('\0')) throw new RequestFault('invalid', `${name}: ${shown(text)} has a NUL character`)
  if (!choices || choices.includes(text)) return text
  const same = choices.find((choice) => choice.toLowerCase() === text.toLowerCase())
  if (same !== undefined) return same
  throw new RequestFault('invalid', `${name}: ${shown(text)} is not one of ${choices.join(', ')}`)
}

function readNumber(name: string, parameter: Parameter, text: string): number {
  const whole = parameter.kind === 'integer'
  const value = (whole ? /^[+-]?\d{1,15}$/ : /^[+-]?\d{1,15}(?:\.\d{1,15})?$/).test(text.trim())
    ? Number(text)
    : undefined
  if (value === undefined)
    throw new RequestFault('invalid', `${name}: ${shown(text)} is not a ${whole ? 'whole ' : ''}number`)
  const { minimum, maximum } = parameter
  if (minimum !== undefined && value < minimum)
    throw new RequestFault('invalid', `${name}: ${value} is below the least value, ${minimum}`)
  if (maximum !== undefined && value > maximum)
    throw new RequestFault('invalid', `${name}: ${value} is above the greatest value, ${maximum}`)
  return value
}

function readBoolean(name: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0') return false
  throw new RequestFault('invalid', `${name}: ${shown(text)} is neither true nor false`)
}

/** RFC 3339, answered in the one spelling of `Date.toISOString`. */
function readTime(name: string, text: string): string {
  // A raw `+` of the zone arrives as a space.
  const value = text.trim().replace(/ (?=\d\d:\d\d$)/, '+')
  const instant = /^\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d)?)?$/.test(
    value,
  )
    ? Date.parse(value.toUpperCase())
    : Number.NaN
  if (Number.isNaN(instant))
    throw new RequestFault('invalid', `${name}: ${shown(text)} is not a time such as 2026-03-02T09:14:05Z`)
  return new Date(instant).toISOString()
}

/** What was sent, safe to repeat: short, and without control characters. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
