import { type Credentials, type Platform, startPlatform } from './platform.ts'

/** What the API said. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON, where it is. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  readonly body: any
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: unknown
  /** Sent with the signed-in client's token unless said otherwise. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A signed-in client of a server. */
export interface Api {
  readonly token: string
  call(method: string, path: string, call?: Call): Promise<Answer>
  /** The resources of a call that has to answer 200 or 201. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  resources(method: string, path: string, call?: Call): Promise<any>
}

export async function signIn(url: string, credentials: Credentials): Promise<Api> {
  const { client_id, client_secret } = credentials
  const signedIn = await send(url, 'POST', '/oauth2/token', {
    body: new URLSearchParams({ client_id, client_secret }),
  })
  if (signedIn.status !== 201)
    throw new Error(`signing in was answered with ${signedIn.status}: ${signedIn.text}`)
  const token = signedIn.body.access_token as string
  const call: Api['call'] = (method, path, { headers, ...rest } = {}) =>
    send(url, method, path, { ...rest, headers: { Authorization: `Bearer ${token}`, ...headers } })
  return {
    token,
    call,
    async resources(method, path, options) {
      const { status, text, body } = await call(method, path, options)
      if (status !== 200 && status !== 201)
        throw new Error(`${method} ${path} was answered with ${status}: ${text.slice(0, 2000)}`)
      return body.resources
    },
  }
}

/** A server with a client that has signed in. */
export async function startSignedIn(
  ...options: Parameters<typeof startPlatform>
): Promise<{ readonly platform: Platform; readonly api: Api }> {
  const platform = await startPlatform(...options)
  try {
    return { platform, api: await signIn(platform.url, platform.credentials) }
  } catch (error) {
    await platform.stop()
    throw error
  }
}

async function send(url: string, method: string, path: string, call: Call): Promise<Answer> {
  const address = new URL(path, url)
  for (const [name, value] of Object.entries(call.query ?? {})) address.searchParams.set(name, String(value))
  const { body } = call
  const form = body instanceof URLSearchParams
  const response = await fetch(address, {
    method,
    headers: {
      ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Asks again until there is an answer, for at most `limit` milliseconds. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  limit = 60_000,
): Promise<T> {
  for (const until = performance.now() + limit; ; ) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > until) throw new Error(`${what} did not come in ${limit / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
