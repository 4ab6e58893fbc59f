import type { FastifyReply } from 'fastify'

/**
 * Ends an exchange. Headers go out spelled as they stand here (name, value, name, value …): some clients look them up
 * with case, and a framework's own way would write them in lower case. The array is the callee's from here on.
 */
export function send(
  reply: FastifyReply,
  status: number,
  headers: string[],
  body: string | Uint8Array,
): void {
  const raw = reply.raw
  reply.hijack()
  if (raw.headersSent || raw.destroyed) return
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  headers.push('Content-Length', String(length))
  raw.writeHead(status, headers)
  raw.end(body)
}

/** Ends an exchange with bytes that arrive over time; when they break off, so does the connection. */
export async function sendStream(
  reply: FastifyReply,
  status: number,
  headers: readonly string[],
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const raw = reply.raw
  reply.hijack()
  raw.writeHead(status, [...headers])
  try {
    for await (const chunk of body) {
      if (raw.destroyed) return
      if (!raw.write(chunk)) await drained(raw)
    }
    raw.end()
  } catch (error) {
    raw.destroy()
    throw error
  }
}

function drained(raw: FastifyReply['raw']): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done).off('close', done)
      resolve()
    }
    raw.on('drain', done).on('close', done)
  })
}
