/**
 * The fields of one noun that FQL can filter by and lists can be sorted by. No TypeBox here: the console reads these too.
 * The server supplies a column (or a subquery) for each field; one that is missing does not compile.
 */
export interface Field {
  /**
   * `text`, `number`, `boolean`, `time` compare as such. `word` is text of a closed list, compared without regard to case
   * and, where `ordered`, by the list's order (`severity:>'Medium'`).
   */
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'word'
  readonly words?: readonly string[]
  readonly ordered?: boolean
  /** Spellings of older or other clients for the same field. */
  readonly aliases?: readonly string[]
  /** Absent: it can be filtered by. */
  readonly filter?: false
  /** Set: lists can be sorted by it. */
  readonly sort?: true
  readonly description: string
}

/** Fields by name. */
export type FieldTable = Readonly<Record<string, Field>>

/** The fields of a noun's table that one operation can filter and sort by. */
export function narrow<T extends FieldTable>(
  table: T,
  to: { readonly filter?: readonly (keyof T)[]; readonly sort?: readonly (keyof T)[] },
): FieldTable {
  const { filter = [], sort = [] } = to
  const narrowed: Record<string, Field> = {}
  for (const name of Object.keys(table)) {
    const filters = filter.includes(name)
    const sorts = sort.includes(name)
    if (!filters && !sorts) continue
    const { filter: _, sort: __, ...field } = table[name]!
    narrowed[name] = { ...field, ...(filters ? {} : { filter: false }), ...(sorts ? { sort: true } : {}) }
  }
  return narrowed
}
