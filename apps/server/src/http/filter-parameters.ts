import type { FieldTable, SortKey } from '@lanner/contract'
import { type Checked, FqlFault, parseSort, readFilter } from '@lanner/fql'
import { RequestFault } from '../use-cases/request-fault.ts'

/** An FQL expression, checked against its field table. */
export function readFilterParameter(name: string, table: FieldTable, text: string, now: number): Checked {
  return twice(name, text, (once) => readFilter(once, table, { now: new Date(now) }))
}

/** Columns and directions, checked against the field table. */
export function readSortParameter(name: string, table: FieldTable, text: string): readonly SortKey[] {
  return twice(name, text, (once) => parseSort(once, table))
}

/**
 * Who encodes a filter before a client that encodes it too sends it encoded twice. Text that makes no sense as it came
 * and has escapes left is tried once more without them; when that fails too, the first complaint stands.
 */
function twice<T>(name: string, text: string, read: (text: string) => T): T {
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof FqlFault)) throw error
    const again = decodedAgain(text)
    if (again !== undefined) {
      try {
        return read(again)
      } catch (second) {
        if (!(second instanceof FqlFault)) throw second
      }
    }
    throw new RequestFault('invalid', `${name}: ${error.message}`, { cause: error })
  }
}

function decodedAgain(text: string): string | undefined {
  if (!/%[0-9a-f]{2}/i.test(text)) return undefined
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
