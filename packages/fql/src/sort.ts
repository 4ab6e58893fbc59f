import { FqlFault, shown } from './fault.ts'
import { findField } from './fields.ts'
import { filterLimits } from './limits.ts'
import type { FieldFactTable } from './tree.ts'

/** One column that a list is sorted by: the table's own field name. */
export interface SortColumn {
  readonly field: string
  readonly descending: boolean
}

const key = /^(?<name>[A-Za-z_][\w.]*?)(?:[.|](?<direction>asc|desc))?$/i

/**
 * Reads a sort order, first column first: `field.asc`, `field|desc` or `field` (ascending), several joined by commas.
 * Fields are those of the table with `sort`, or their aliases. Blank text gives no columns; of a column that is named
 * twice the first counts. Throws FqlFault.
 */
export function parseSort(text: string, table: FieldFactTable): readonly SortColumn[] {
  if (text.length > filterLimits.length)
    throw new FqlFault('too-complex', `the sort order is longer than ${filterLimits.length} characters,`, {
      start: filterLimits.length,
      end: text.length,
    })
  if (text.trim() === '') return []
  const columns = new Map<string, SortColumn>()
  let start = 0
  for (const written of text.split(',')) {
    const name = written.trim()
    const from = start + written.indexOf(name)
    start += written.length + 1
    const span = { start: from, end: from + name.length }
    const groups = key.exec(name)?.groups
    if (!groups)
      throw new FqlFault(
        'malformed',
        `${shown(name)} is no sort order,`,
        span,
        'expected field.asc, field.desc or field',
      )
    const { field } = findField(table, 'sort', groups['name'], span)
    if (!columns.has(field))
      columns.set(field, { field, descending: groups['direction']?.toLowerCase() === 'desc' })
  }
  return [...columns.values()]
}
