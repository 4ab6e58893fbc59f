import { createHash } from 'node:crypto'
import { type Digest, type DigestAlgorithm, digestAlgorithm } from '@lanner/model'
import { SourceFault } from './source-fault.ts'

/** The digest of bytes held in memory. */
export function contentDigest(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest
}

/** Throws `digest-mismatch` unless the bytes have the digest they were asked for by. `what` names them in the message. */
export function verifyContent(bytes: Uint8Array, digest: Digest, what: string): void {
  const actual = contentDigest(bytes, digestAlgorithm(digest))
  if (actual === digest) return
  throw new SourceFault(
    'digest-mismatch',
    `${what} was asked for as ${digest} but its bytes have digest ${actual}`,
  )
}
