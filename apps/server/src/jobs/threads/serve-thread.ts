import { type MessagePort, parentPort } from 'node:worker_threads'
import { Conversation, type TaskFunctions } from '../tasks/conversation.ts'
import type { ToTask } from '../tasks/protocol.ts'

/** The first message of a task; all others go over its port. */
export interface ThreadTask {
  readonly name: string
  readonly payload: unknown
  readonly port: MessagePort
}

/** Makes this thread a host of tasks: it runs the functions as it is asked to. */
export function serveThread(functions: TaskFunctions): void {
  parentPort?.on('message', async ({ name, payload, port }: ThreadTask) => {
    const conversation = new Conversation((message, buffers = []) => port.postMessage(message, [...buffers]))
    port.on('message', (message: ToTask) => conversation.hear(message))
    await conversation.run(functions, name, payload)
    port.close()
  })
}
