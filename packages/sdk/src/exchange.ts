import { type Failure, unanswered } from './result.ts'

/** One request. */
export interface Sending {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back, whole. */
export interface Answer {
  readonly ok: true
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface ExchangePorts {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds for a request and the whole of its answer. */
  readonly timeout: number
  /** Most bytes of an answer. */
  readonly maxBytes: number
}

/** Sends once and reads the answer under a cap. Redirects are not followed: they would carry a secret elsewhere. */
export async function exchange(
  { fetch, timeout, maxBytes }: ExchangePorts,
  { method, url, headers, body }: Sending,
  signal: AbortSignal | undefined,
): Promise<Answer | Failure> {
  const late = AbortSignal.timeout(timeout)
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
      ...(body === undefined ? {} : { body }),
    })
    const bytes = await readBody(response, maxBytes)
    if (!bytes)
      return unanswered(
        'unreadable',
        `${method} ${placeOf(url)}: the answer is larger than ${maxBytes} bytes`,
      )
    return { ok: true, status: response.status, headers: response.headers, bytes }
  } catch (error) {
    if (signal?.aborted) return unanswered('aborted', `${method} ${placeOf(url)}: given up`, signal.reason)
    if (late.aborted)
      return unanswered('timeout', `${method} ${placeOf(url)}: no answer within ${timeout} ms`, error)
    return unanswered('unreachable', `${method} ${placeOf(url)}: ${reasonOf(error)}`, error)
  }
}

/** Undefined where there is more than allowed. */
async function readBody(response: Response, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!response.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > most) {
      await reader.cancel().catch(() => {})
      return undefined
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** Without the query, which says more than a message needs. */
function placeOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/** Of "fetch failed", what failed. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } }
  return cause?.message || cause?.code || message || String(error)
}
