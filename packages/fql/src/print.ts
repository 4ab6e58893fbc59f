import type { Expression, Value } from './tree.ts'

/** The canonical text of an expression: `parseFilter` reads it back as the same tree, but for the spans. */
export function printFilter(expression: Expression): string {
  if (expression.kind === 'clause')
    return `${expression.field}:${expression.operator}${printValue(expression.value)}`
  const { kind } = expression
  return expression.operands
    .map((operand) => {
      const bare = operand.kind === 'clause' || (kind === 'or' && operand.kind === 'and')
      return bare ? printFilter(operand) : `(${printFilter(operand)})`
    })
    .join(kind === 'and' ? '+' : ',')
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'text':
      return `'${value.parts.map((part) => part.replaceAll(/[\\'*]/g, '\\$&')).join('*')}'`
    case 'number':
      return value.text
    case 'boolean':
      return String(value.boolean)
    case 'null':
      return 'null'
    case 'list':
      return `[${value.values.map(printValue).join(',')}]`
  }
}
