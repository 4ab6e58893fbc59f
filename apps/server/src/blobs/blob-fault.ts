import { Fault } from '@lanner/model'

/** Why bytes could not be kept or had. Nothing of a refused write is visible. */
export class BlobFault extends Fault<
  'not-found' | 'digest-mismatch' | 'out-of-order' | 'too-large' | 'no-space' | 'unavailable'
> {}

const fullDisk: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** What a failed call of the file system means; a fault passes as it is. */
export function storageFault(error: unknown, attempted: string): BlobFault {
  if (error instanceof BlobFault) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (fullDisk.has(code)) {
    return new BlobFault('no-space', `${attempted} failed: the disk is full`, { cause: error })
  }
  return new BlobFault('unavailable', `${attempted} failed: ${code || 'unexpected error'}`, {
    cause: error,
    retryable: true,
  })
}
