import { Fault } from '@lanner/model'

/** A place that should hold credentials could not be read. Messages never quote its content. */
export class CredentialFault extends Fault<'unreadable' | 'malformed' | 'refused' | 'failed'> {}
