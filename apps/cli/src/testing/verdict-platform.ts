import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { Verdict } from '@lanner/sdk'

/** What a test says of an image; the rest is as of one that passes. */
export type SaidOfImage = Partial<Omit<Verdict, 'image' | 'matched'>> & {
  readonly image?: Partial<NonNullable<Verdict['image']>> | null
  readonly matched?: Partial<Verdict['matched']>
}

/** A platform that knows nothing but verdicts: the sign-in and GetVerdict, over HTTP on the loopback. */
export interface VerdictPlatform {
  readonly url: string
  /** `shop/checkout:1.8.2`, `docker.io/library/nginx@sha256:…`, as they were asked for. */
  readonly asked: readonly string[]
  /** The queries that came, in their order. */
  readonly queries: readonly URLSearchParams[]
  /** Most questions that were open at one time. */
  readonly mostAtOnce: number
  say(name: string, verdict: SaidOfImage): void
  /** `away` ends connections, `silent` never answers, a number is the status of a refusal. */
  behave(how: 'well' | 'away' | 'silent' | number): void
  /** Answers nothing until the function that this gives is called. */
  hold(): () => void
}

const digest = `sha256:${'d1'.repeat(32)}`
const none = { vulnerabilities: 0, packages: 0, detections: 0 }

/** A verdict in full, of an image that passes where nothing else is said. */
function wireVerdict(query: URLSearchParams, said: SaidOfImage): Verdict {
  const action = said.action === undefined ? 'allow' : said.action
  return {
    state: 'assessed',
    reason: '',
    deny: action === null ? null : action === 'block',
    policy: { id: '7a0e2f7e-2f0a-4b9f-9d2f-0d2f6f1f7c11', name: 'Default', is_default: true },
    group: null,
    rules: [],
    evaluated_at: '2026-03-02T09:15:00Z',
    valid_until: null,
    explanation: [],
    ...said,
    action,
    image:
      said.image === null
        ? null
        : {
            registry: query.get('registry') ?? '',
            repository: query.get('repository') ?? '',
            tag: query.get('tag') ?? '',
            image_digest: query.get('digest') ?? digest,
            index_digest: '',
            image_id: 'c0ffee',
            architecture: 'amd64',
            ...said.image,
          },
    matched: {
      vulnerabilities: [],
      packages: [],
      detections: [],
      base_os: [],
      totals: none,
      ...said.matched,
    },
    excluded: { vulnerabilities: [], packages: [], detections: [], totals: none },
  }
}

/** What is said of an image that nobody knows. */
const unknown: SaidOfImage = {
  state: 'unknown',
  reason: 'no image of this name was pushed or found',
  image: null,
  action: null,
  policy: null,
}

export async function verdictPlatform(t: Pick<TestContext, 'after'>): Promise<VerdictPlatform> {
  const said = new Map<string, SaidOfImage>()
  const asked: string[] = []
  const queries: URLSearchParams[] = []
  let how: 'well' | 'away' | 'silent' | number = 'well'
  let held: Promise<void> | undefined
  let open = 0
  let mostAtOnce = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://127.0.0.1')
    if (how === 'away') return void request.socket.destroy()
    if (how === 'silent') return
    if (pathname === '/oauth2/token')
      return json(response, 201, { access_token: 't', token_type: 'bearer', expires_in: 1799 })
    if (pathname !== '/lanner/v1/verdict') return json(response, 404, envelope(404, 'no such operation'))
    const registry = query.get('registry')
    const repository = query.get('repository') ?? ''
    const name = query.get('digest') === null ? `:${query.get('tag')}` : `@${query.get('digest')}`
    const full = `${registry === null ? '' : `${registry}/`}${repository}${name}`
    asked.push(full)
    queries.push(query)
    mostAtOnce = Math.max(mostAtOnce, ++open)
    await held
    open--
    if (typeof how === 'number') return json(response, how, envelope(how, 'refused by the test'))
    const verdict = wireVerdict(query, said.get(full) ?? unknown)
    json(response, 200, { meta: { query_time: 0.01, trace_id: 't' }, errors: [], resources: [verdict] })
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    queries,
    get mostAtOnce() {
      return mostAtOnce
    },
    say: (name, verdict) => void said.set(name, verdict),
    behave(next) {
      how = next
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
  }
}

function envelope(code: number, message: string): unknown {
  return { meta: { query_time: 0.01, trace_id: 't' }, errors: [{ code, message }], resources: [] }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
