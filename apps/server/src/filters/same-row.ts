import type { Checked } from '@lanner/fql'

/** Whether some clause of a filter is about the field. */
export function asksFor(checked: Checked | undefined, field: string): boolean {
  if (!checked) return false
  return checked.kind === 'field'
    ? checked.field === field
    : checked.operands.some((operand) => asksFor(operand, field))
}

/**
 * Parts a filter whose clauses are joined by `+`: `joint` are those that ask for some of the fields and nothing else, so
 * that one related row has to meet them all (`repository:'a'+tag:'b'` is about one image); `rest` are all others. A
 * clause that says no, such as `tag:!'b'`, is about every related row and stays in the rest.
 */
export function partJoint(
  checked: Checked | undefined,
  fields: ReadonlySet<string>,
): { readonly joint: Checked | undefined; readonly rest: Checked | undefined } {
  if (!checked) return { joint: undefined, rest: undefined }
  const operands = checked.kind === 'and' ? checked.operands : [checked]
  const joint = operands.filter((operand) => asksOnlyFor(operand, fields))
  const rest = operands.filter((operand) => !joint.includes(operand))
  return { joint: all(joint), rest: all(rest) }
}

function asksOnlyFor(checked: Checked, fields: ReadonlySet<string>): boolean {
  if (checked.kind !== 'field') {
    return checked.operands.length > 0 && checked.operands.every((operand) => asksOnlyFor(operand, fields))
  }
  const { comparison } = checked
  if (!fields.has(checked.field) || comparison.kind === 'null') return false
  return comparison.kind === 'compare' || !comparison.negated
}

function all(operands: readonly Checked[]): Checked | undefined {
  return operands.length === 0 ? undefined : { kind: 'and', operands }
}
