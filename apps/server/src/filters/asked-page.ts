import type { Checked, SortColumn } from '@lanner/fql'
import type { Expression, RawBuilder } from 'kysely'
import type { Columns } from './columns.ts'
import { compileSort } from './compile-sort.ts'

/** What is asked of a list: which rows, in which order, and how many of them from which one on. */
export interface AskedPage {
  readonly filter?: Checked | undefined
  readonly sort?: readonly SortColumn[] | undefined
  readonly limit: number
  readonly offset: number
}

/** What stands behind `order by`; `otherwise` where no order is asked for. */
export function orderOf(
  sort: readonly SortColumn[] | undefined,
  columns: Columns,
  tieBreaker: Expression<unknown>,
  otherwise: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sort && sort.length > 0 ? compileSort(sort, columns, tieBreaker) : otherwise
}
