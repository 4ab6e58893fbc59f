import { Fault } from '@lanner/model'

/** Why a layer could not be read to its end, or is not what its descriptor says. */
export class LayerFault extends Fault<
  | 'digest-mismatch'
  | 'diff-id-mismatch'
  | 'size-mismatch'
  | 'truncated'
  | 'corrupt'
  | 'limit-exceeded'
  | 'unsupported'
  | 'aborted'
> {}
