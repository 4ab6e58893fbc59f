export { type CheckOptions, checkFilter, readFilter } from './check.ts'
export { FqlFault } from './fault.ts'
export { filterLimits } from './limits.ts'
export { parseFilter } from './parse.ts'
export { printFilter } from './print.ts'
export { parseSort, type SortColumn } from './sort.ts'
export type {
  Checked,
  Clause,
  Comparison,
  Expression,
  FieldFacts,
  FieldFactTable,
  Operator,
  Scalar,
  Span,
  Value,
} from './tree.ts'
export { wordsOf } from './words.ts'
