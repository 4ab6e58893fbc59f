import { Fault } from '@lanner/model'

/** `unreadable`: a certificate or key file cannot be read. `unusable`: it is no PEM, or the two do not belong together. */
export type TlsFaultCode = 'unreadable' | 'unusable'

/** There is no certificate to speak HTTPS with. */
export class TlsFault extends Fault<TlsFaultCode> {}
