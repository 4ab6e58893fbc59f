import type { Checked, Comparison, Expression, Value } from '../tree.ts'

/** An expression as the case files write it. */
export function notate(expression: Expression): string {
  return expression.kind === 'clause'
    ? `${expression.field} ${expression.operator || '='} ${notateValue(expression.value)}`
    : `${expression.kind}(${expression.operands.map(notate).join(', ')})`
}

function notateValue(value: Value): string {
  if (value.kind === 'list') return `[${value.values.map(notateValue).join(', ')}]`
  if (value.kind === 'text') return notateParts(value.parts)
  if (value.kind === 'number') return value.text
  return value.kind === 'boolean' ? String(value.boolean) : 'null'
}

function notateParts(parts: readonly string[]): string {
  return parts.map((part) => JSON.stringify(part)).join('*')
}

/** A checked filter as the case files write it. */
export function notateChecked(checked: Checked): string {
  if (checked.kind !== 'field') return `${checked.kind}(${checked.operands.map(notateChecked).join(', ')})`
  const { comparison, facts, field } = checked
  const scalar = (value: string | number | boolean) =>
    facts.kind === 'time' ? new Date(Number(value)).toISOString() : JSON.stringify(value)
  const not = comparison.kind !== 'compare' && comparison.negated ? 'not ' : ''
  return `${not}${field} ${notateComparison(comparison, scalar)}`
}

function notateComparison(
  comparison: Comparison,
  scalar: (value: string | number | boolean) => string,
): string {
  switch (comparison.kind) {
    case 'equal':
      return `= ${scalar(comparison.value)}`
    case 'any':
      return `in ${comparison.values.map(scalar).join(', ')}`
    case 'compare':
      return `${comparison.operator} ${scalar(comparison.value)}`
    case 'wildcard':
      return `like ${notateParts(comparison.parts)}`
    case 'words':
      return `words ${comparison.words.join(' ')}`
    case 'within':
      return `within ${scalar(comparison.from)} to ${scalar(comparison.to)}`
    case 'null':
      return 'null'
  }
}
