export type {
  Checked,
  Comparison,
  Expression,
  FieldFacts,
  FieldFactTable,
  Operator,
  Scalar,
  Span,
  Value,
} from './tree.ts'
