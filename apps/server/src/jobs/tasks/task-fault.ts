import { Fault } from '@lanner/model'

/** Work in a thread or a process of its own was not brought to an end; others are not concerned. */
export class TaskFault extends Fault<
  'crashed' | 'out-of-memory' | 'not-started' | 'closed' | 'no-such-call'
> {}
