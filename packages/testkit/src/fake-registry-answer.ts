import type { ServerResponse } from 'node:http'

/** What the fake registry is about to answer; faults turn one answer into another. */
export interface FakeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
  /** The connection is broken off instead of an answer. */
  readonly hangUp?: boolean
  /** Bytes of the body after which the connection is broken off. */
  readonly dropAfter?: number
  /** Bytes of the body after which nothing more comes, while the connection stays open. */
  readonly stallAfter?: number
  /** The body is repeated until the other side hangs up. */
  readonly endless?: boolean
}

/** As the server saw it. */
export interface FakeRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** An answer with this body; an object is sent as JSON. */
export function answer(
  status: number,
  body: Buffer | string | object = '',
  headers: FakeAnswer['headers'] = {},
): FakeAnswer {
  if (Buffer.isBuffer(body)) return { status, headers, body }
  if (typeof body === 'string') return { status, headers, body: Buffer.from(body) }
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  }
}

/** An error as the distribution specification words it. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: FakeAnswer['headers'] = {},
): FakeAnswer {
  return answer(status, { errors: [{ code, message }] }, headers)
}

export function sendAnswer(response: ServerResponse, method: string, given: FakeAnswer): void {
  const { status, headers, body, dropAfter, stallAfter, endless } = given
  if (given.hangUp) return void response.destroy()
  const whole = dropAfter === undefined && stallAfter === undefined
  if (!endless && headers['content-length'] === undefined) response.setHeader('content-length', body.length)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.writeHead(status)
  if (method === 'HEAD') return void response.end()
  if (endless) return repeat(response, body)
  if (whole) return finish(response, body, headers['content-length'])
  response.write(body.subarray(0, dropAfter ?? stallAfter), () => {
    if (dropAfter !== undefined) response.destroy()
  })
  // Headers go out even where not a byte of the body does.
  response.flushHeaders()
}

/** A body of another length than announced ends with the connection: otherwise the other side would wait for the rest. */
function finish(
  response: ServerResponse,
  body: Buffer,
  announced: string | readonly string[] | undefined,
): void {
  if (typeof announced !== 'string' || Number(announced) === body.length) return void response.end(body)
  response.write(body, () => response.destroy())
}

function repeat(response: ServerResponse, body: Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(body)) {}
  }
  response.on('drain', more)
  more()
}
