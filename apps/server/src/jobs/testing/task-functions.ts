import { Fault } from '@lanner/model'
import type { TaskContext, TaskFunctions } from '../tasks/conversation.ts'
import { Transferred } from '../tasks/protocol.ts'

/** What threads and processes of tests run. */
export const taskFunctions: TaskFunctions = {
  pid: () => process.pid,
  add: ({ a, b }: { a: number; b: number }) => a + b,
  refuse() {
    throw new Fault('limit-exceeded', 'too many of them', { retryable: true })
  },
  crash() {
    setImmediate(() => {
      throw new Error('out of the blue')
    })
    return new Promise(() => {})
  },
  exit() {
    process.exit(3)
  },
  // Little by little, as reading does: V8 ends a thread between two steps, and cannot end it within one large one.
  async swell() {
    let kept: object = {}
    for (;;) {
      for (let item = 0; item < 500; item++) kept = { before: kept, text: [item, item, item, item] }
      await new Promise((resolve) => setImmediate(resolve))
    }
  },
  async swellBuffers() {
    const kept: Buffer[] = []
    for (;;) {
      kept.push(Buffer.alloc(1024 * 1024, 1))
      await new Promise((resolve) => setImmediate(resolve))
    }
  },
  /** What V8 ends a whole process for: one allocation of more than the heap may have, … */
  swellAtOnce() {
    return new Array(2 ** 25 - 1).fill(1.5).length
  },
  /** … or of more than any may. */
  swellBeyondAll() {
    return 'x'.repeat(2 ** 29 - 30).split('').length
  },
  swellBuffersAtOnce() {
    return Buffer.alloc(3 * 1024 ** 3, 1).length
  },
  async spin(_: unknown, { emit }: TaskContext) {
    emit('spinning')
    // Told before nothing is told any more.
    await new Promise((resolve) => setImmediate(resolve))
    for (;;);
  },
  async untilAborted(_: unknown, { signal, emit }: TaskContext) {
    emit('waiting')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    throw signal.reason
  },
  async converse(_: unknown, { call, stream, emit }: TaskContext) {
    emit('before')
    const doubled = await call('double', 21)
    let bytes = 0
    for await (const chunk of stream('bytes', 10)) bytes += chunk.length
    return { doubled, bytes }
  },
  async take(most: number, { stream }: TaskContext) {
    let taken = 0
    for await (const _ of stream('endless', 0)) if (++taken === most) break
    return taken
  },
  waitForAnswer: (_: unknown, { call, emit }: TaskContext) => {
    emit('asking')
    return call('never', 0)
  },
  bytes() {
    const bytes = new Uint8Array(8).fill(7)
    return new Transferred(bytes, [bytes.buffer])
  },
}
