import type { Checked } from '@lanner/fql'
import type { ImageSelection } from '../db/image-list.ts'
import { RequestFault } from './request-fault.ts'

const option = 'include_base_image_vuln'

/**
 * A filter as statements take it. `include_base_image_vuln` is no condition on images: it says what counts as a
 * vulnerability for all the others, so it stands beside them (`a+include_base_image_vuln:false`) and nowhere deeper.
 * Throws RequestFault `invalid` where it does.
 */
export function selectionOf(filter: Checked | undefined): ImageSelection {
  if (!filter) return {}
  const operands = filter.kind === 'and' ? filter.operands : [filter]
  const conditions = operands.filter((operand) => !isOption(operand))
  if (conditions.some(holdsOption)) {
    throw new RequestFault(
      'invalid',
      `filter: ${option} concerns the whole filter; join it to the rest with +`,
    )
  }
  const excluded = operands.some((operand) => isOption(operand) && !included(operand))
  return { filter: { kind: 'and', operands: conditions }, ...(excluded ? { withoutBase: true } : {}) }
}

type Field = Extract<Checked, { kind: 'field' }>

function isOption(checked: Checked): checked is Field {
  return checked.kind === 'field' && checked.field === option
}

function holdsOption(checked: Checked): boolean {
  return checked.kind === 'field' ? isOption(checked) : checked.operands.some(holdsOption)
}

function included({ comparison }: Field): boolean {
  if (comparison.kind === 'equal') return (comparison.value === true) !== comparison.negated
  throw new RequestFault('invalid', `filter: ${option} is true or false`)
}
