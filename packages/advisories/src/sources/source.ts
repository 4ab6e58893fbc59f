import type { AdvisoryRecord, AffectedPackage } from '@lanner/matching'

/** What a reader of native feeds makes of one document: records in the store's own form. */
export interface NativeRecord {
  readonly record: AdvisoryRecord
  readonly affected: readonly AffectedPackage[]
}

/** A part of a source that could not be read, by its name in the source. */
export interface Refusal {
  readonly name: string
  readonly problem: string
}

export type Fields = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object without surprises; an empty one when it is none. */
export function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text of at most `cap` characters, cut there, or undefined. */
export function textOf(value: unknown, cap: number): string | undefined {
  if (typeof value !== 'string' || value.length === 0) return undefined
  return value.length > cap ? value.slice(0, cap) : value
}

/** A name that may become a key: short and without control characters. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length === 0 || value.length > 512) return undefined
  return /[\u0000-\u001f\u007f]/.test(value) ? undefined : value
}
