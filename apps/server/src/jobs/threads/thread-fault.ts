import { Fault } from '@lanner/model'

/** A thread did not bring its work to an end; others are not concerned. */
export class ThreadFault extends Fault<'crashed' | 'out-of-memory' | 'closed' | 'no-such-call'> {}
