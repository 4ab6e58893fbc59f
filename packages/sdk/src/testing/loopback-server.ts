import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { LannerClient, type LannerClientOptions } from '../client.ts'

/** A request as it arrived. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Reply = (request: Received, response: ServerResponse) => void

/** A server that hands out tokens `t1`, `t2` …, and otherwise answers what a test says, one reply after the other; the last one stays. */
export interface LoopbackServer {
  readonly url: string
  readonly received: readonly Received[]
  /** Sign-ins among them. */
  readonly signIns: readonly Received[]
  /** Those that were no sign-ins. */
  readonly calls: readonly Received[]
  answer(...replies: Reply[]): void
  answerSignIn(...replies: Reply[]): void
  client(options?: Partial<LannerClientOptions>): LannerClient
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

/** The envelope with resources. */
export function rows(...resources: unknown[]): Reply {
  return json(200, { meta: { query_time: 0.1, trace_id: 't' }, errors: [], resources })
}

export function refusal(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return json(
    status,
    { meta: { query_time: 0.1, trace_id: 't' }, errors: [{ code: status, message }] },
    headers,
  )
}

/** Ends the connection instead of answering. */
export const hangUp: Reply = (_, response) => void response.destroy()

export async function loopbackServer(t: TestContext): Promise<LoopbackServer> {
  const received: Received[] = []
  let [replies, signIns]: Reply[][] = [[rows()], []]
  let tokens = 0
  const issue: Reply = (request, response) =>
    json(201, { access_token: `t${++tokens}`, token_type: 'bearer', expires_in: 1799 })(request, response)
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
    const seen = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    received.push(seen)
    if (pathname === '/oauth2/token') (signIns.shift() ?? issue)(seen, response)
    else (replies.length > 1 ? replies.shift()! : replies[0]!)(seen, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    received,
    get signIns() {
      return received.filter(({ path }) => path === '/oauth2/token')
    },
    get calls() {
      return received.filter(({ path }) => path !== '/oauth2/token')
    },
    answer: (...next) => {
      replies = next
    },
    answerSignIn: (...next) => {
      signIns = next
    },
    client: (options = {}) =>
      new LannerClient({ clientId: 'id', clientSecret: 'secret', baseUrl: url, backoff: 1, ...options }),
  }
}
