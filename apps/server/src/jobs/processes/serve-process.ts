import { writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { Conversation, type TaskFunctions } from '../tasks/conversation.ts'
import { FrameReader, framed } from './frames.ts'
import { type FromProcess, messageToProcess, taskFrame } from './task-frames.ts'
import { startWatch } from './watch.ts'

/** The pipe to the server, as `processHosts` opens it. */
const pipe = 3

/** The server's own messages: manifests, configs, chunks. */
const limits = { text: 64 * 1024 * 1024, bytes: 64 * 1024 * 1024 }

/** Makes this process a host of tasks: it runs the functions as it is asked to, and ends with the server. */
export function serveProcess(functions: TaskFunctions): void {
  const watch = startWatch({ memory: Number(process.argv[2]) })
  goFirst()
  const socket = new Socket({ fd: pipe, readable: true, writable: true })
  const send = (message: FromProcess): void => {
    socket.cork()
    for (const part of framed(taskFrame(message))) socket.write(part)
    socket.uncork()
  }
  const conversations = new Map<number, Conversation>()
  const reader = new FrameReader(limits, async (frame) => {
    const message = messageToProcess(frame)
    const { task } = message
    if (message.kind === 'tell') return conversations.get(task)?.hear(message.message)
    const conversation = new Conversation((told) => send({ kind: 'told', task, message: told }))
    conversations.set(task, conversation)
    watch.busy(conversations.size > 0)
    await conversation.run(functions, message.name, message.payload)
    conversations.delete(task)
    watch.busy(conversations.size > 0)
  })
  socket.on('data', (chunk) => reader.push(chunk))
  // The server is gone, and with it whoever asked.
  socket.on('error', () => process.exit())
  socket.on('close', () => process.exit())
  // A terminal and a service manager tell every process to end; the server does so once it has been brought to an end itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  send({ kind: 'ready' })
}

/** Where memory runs out, Linux ends this process rather than the server or its database. */
function goFirst(): void {
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // Not to be had everywhere.
  }
}
