import { Fault } from '@lanner/model'

/**
 * `bad-key`: a master key is not 32 bytes of base64 or hex, or others may read its file. `unknown-key`: sealed with a key
 * that is not at hand. `damaged`: what was sealed is not what is there, or belongs to another purpose or tenant.
 */
export type SecretFaultCode = 'bad-key' | 'unknown-key' | 'damaged'

/** Something sealed or keyed cannot be used. Messages never carry any of it. */
export class SecretFault extends Fault<SecretFaultCode> {}
