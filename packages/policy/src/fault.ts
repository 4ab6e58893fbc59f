import { Fault } from '@lanner/model'

/** A policy, group or exclusion that cannot be read; the message names the member and lists what is known. */
export class PolicyFault extends Fault<
  | 'unknown-prop'
  | 'misplaced-prop'
  | 'unknown-op'
  | 'unknown-action'
  | 'unknown-member'
  | 'invalid-value'
  | 'too-many'
> {
  /** Names and indexes that lead to what is wrong in what was read, outermost first. */
  readonly place: readonly (string | number)[] = []
}

/** Reads a part; what is wrong with it is told with the way to it. */
export function within<Part>(steps: readonly (string | number)[], read: () => Part): Part {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof PolicyFault) Object.assign(fault, { place: [...steps, ...fault.place] })
    throw fault
  }
}
