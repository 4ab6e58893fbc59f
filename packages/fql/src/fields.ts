import { FqlFault, shown } from './fault.ts'
import type { FieldFacts, FieldFactTable, Span } from './tree.ts'

/** What the fields of a table are used for. */
export type Purpose = 'filter' | 'sort'

interface Found {
  readonly field: string
  readonly facts: FieldFacts
}

interface Index {
  readonly known: readonly string[]
  /** Names and aliases in lower case. */
  readonly byName: ReadonlyMap<string, Found>
}

/** Tables are constants of the program, so their indexes are made once. */
const indexes: Readonly<Record<Purpose, WeakMap<FieldFactTable, Index>>> = {
  filter: new WeakMap(),
  sort: new WeakMap(),
}

/** The field that a name or an alias means, whatever its case. */
export function findField(table: FieldFactTable, purpose: Purpose, name: string, span: Span): Found {
  const { known, byName } = indexOf(table, purpose)
  const found = byName.get(name.toLowerCase())
  if (found) return found
  const what = purpose === 'filter' ? 'field' : 'sort column'
  throw new FqlFault(
    'unknown-field',
    `unknown ${what} ${shown(name)}`,
    span,
    `known ${what}s: ${known.join(', ') || 'none'}`,
  )
}

function indexOf(table: FieldFactTable, purpose: Purpose): Index {
  let index = indexes[purpose].get(table)
  if (index) return index
  const fields = Object.entries(table)
    .map(([field, facts]) => ({ field, facts }))
    .filter(({ facts }) => (purpose === 'filter' ? facts.filter !== false : facts.sort === true))
  const byName = new Map<string, Found>()
  for (const found of fields)
    for (const alias of found.facts.aliases ?? []) byName.set(alias.toLowerCase(), found)
  // A field's own name goes before another's alias.
  for (const found of fields) byName.set(found.field.toLowerCase(), found)
  index = { known: fields.map(({ field }) => field).sort(), byName }
  indexes[purpose].set(table, index)
  return index
}
