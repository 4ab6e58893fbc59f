import type { FieldFacts, FieldFactTable } from '@lanner/fql'
import type { Expression, SqlBool } from 'kysely'

/**
 * A comparison with rows that belong to the filtered one, written around the comparison of a single value:
 * `(compare) => sql`exists (select from finding where … and ${compare(sql`finding.cve_id`)})``.
 * It must be true or false, never null: `in (select …)` only over columns that are not null.
 */
export type Related = (compare: (column: Expression<unknown>) => Expression<SqlBool>) => Expression<SqlBool>

/** Where the database keeps a field. `Sortable` says whether there is one value that rows can be put in order by. */
export interface Column<
  Kind extends FieldFacts['kind'] = FieldFacts['kind'],
  Sortable extends boolean = boolean,
> {
  readonly kind: Kind
  readonly sortable: Sortable
  readonly source: Expression<unknown> | Related
  readonly sort?: Expression<unknown>
  readonly nullable: boolean
  /** Set: the column has this number in place of the word. */
  readonly ranks?: Readonly<Record<string, number>> | 'index'
  /** Single precision: compared with numbers that are rounded alike. */
  readonly single?: true
}

interface Nullability {
  /** False, for a column that is never null: sorting then needs no `nulls first` and takes a plain index. */
  readonly nullable?: false
}

interface MakeColumn<Kind extends FieldFacts['kind']> {
  (expression: Expression<unknown>, options?: Nullability): Column<Kind, true>
  (related: Related, options: { readonly sort: Expression<unknown> } & Nullability): Column<Kind, true>
  (related: Related): Column<Kind, false>
}

function columnOf<Kind extends FieldFacts['kind']>(
  kind: Kind,
  more: Pick<Column, 'single'> = {},
): MakeColumn<Kind> {
  const make = (
    source: Expression<unknown> | Related,
    { sort, nullable = true }: { sort?: Expression<unknown>; nullable?: boolean } = {},
  ): Column<Kind> => ({
    kind,
    sortable: sort !== undefined || typeof source !== 'function',
    source,
    sort,
    nullable,
    ...more,
  })
  return make as MakeColumn<Kind> // The overloads say what `sortable` is for each form.
}

/** Of a type that compares with `text`; cast uuid and the like. */
export const text = columnOf('text')
/** smallint, integer, bigint, numeric or double precision. */
export const number = columnOf('number')
/** real, where 9.8 is 9.800000190734863. */
export const real = columnOf('number', { single: true })
export const boolean = columnOf('boolean')
/** timestamptz. */
export const time = columnOf('time')
/** Text, spelled as the field table spells its words. */
export const word = columnOf('word')

/** smallint in place of a word: its index in the field table's list, or the number that `ranks` gives it. */
export function rank(
  expression: Expression<unknown>,
  options?: { readonly ranks?: Readonly<Record<string, number>> } & Nullability,
): Column<'word', true>
export function rank(
  related: Related,
  options: {
    readonly ranks?: Readonly<Record<string, number>>
    readonly sort: Expression<unknown>
  } & Nullability,
): Column<'word', true>
export function rank(
  related: Related,
  options?: { readonly ranks?: Readonly<Record<string, number>> },
): Column<'word', false>
export function rank(
  source: Expression<unknown> | Related,
  options: {
    readonly ranks?: Readonly<Record<string, number>>
    readonly sort?: Expression<unknown>
    readonly nullable?: false
  } = {},
): Column<'word'> {
  const { ranks = 'index', sort, nullable = true } = options
  return {
    kind: 'word',
    sortable: sort !== undefined || typeof source !== 'function',
    source,
    sort,
    nullable,
    ranks,
  }
}

/** A column of the right kind for every field; what lists are sorted by must be sortable. */
export type ColumnsOf<Table extends FieldFactTable> = {
  readonly [Field in keyof Table]: Column<
    Table[Field]['kind'],
    Table[Field] extends { readonly sort: true } ? true : boolean
  >
}

/** The columns of a field table. */
export interface Columns {
  readonly fields: FieldFactTable
  readonly byField: ReadonlyMap<string, Column>
}

/**
 * A field without its column, or a column of another kind, does not compile. What types cannot hold is a TypeError when the
 * module is loaded: a word without a rank, and in the tables that `serves` names (each some of the same fields) an unknown
 * field or a sort column that has no order.
 */
export function columns<const Table extends FieldFactTable>(
  fields: Table,
  of: ColumnsOf<NoInfer<Table>>,
  serves: readonly FieldFactTable[] = [],
): Columns {
  const byField = new Map(Object.entries<Column>(of))
  for (const [field, { words = [], sort }] of [fields, ...serves].flatMap((table) => Object.entries(table))) {
    const column = byField.get(field)
    if (!column) throw new TypeError(`the field ${field} has no column`)
    if (sort && !column.sortable) throw new TypeError(`the column of ${field} gives no order`)
    const { ranks } = column
    const missing = typeof ranks === 'object' ? words.filter((word) => !Object.hasOwn(ranks, word)) : []
    if (missing.length > 0)
      throw new TypeError(`the column of ${field} has no rank for ${missing.join(', ')}`)
  }
  return { fields, byField }
}

/** The column of a field that came out of the field table. */
export function columnFor(columns: Columns, field: string): Column {
  const column = columns.byField.get(field)
  if (!column) throw new TypeError(`the field ${field} belongs to another table than these columns`)
  return column
}
