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
> {}
