import { isIP } from 'node:net'
import { AdvisoryFault, messageOf } from '../fault.ts'

/** An answer whose body is read, or left, by the caller. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

/** The port through which feeds are fetched: a GET that follows redirects. Rejects when there is no answer at all. */
export type Fetch = (
  url: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
) => Promise<HttpAnswer>

const redirectCap = 5
const headersTimeout = 30_000
const bodyTimeout = 60_000

/** GET by undici. Only https, but for loopback addresses; no credentials are sent, nor taken from the address. */
export const httpsFetch: Fetch = async (url, { headers, signal }) => {
  let target = checkedAddress(url)
  // Loaded when something is fetched: reading a store needs no HTTP client.
  const { request } = await import('undici')
  for (let hop = 0; hop <= redirectCap; hop++) {
    const answer = await request(target, {
      method: 'GET',
      headers: { 'user-agent': 'lanner', ...headers },
      headersTimeout,
      bodyTimeout,
      ...(signal ? { signal } : {}),
    })
    const location = answer.headers['location']
    if (
      answer.statusCode < 300 ||
      answer.statusCode > 399 ||
      answer.statusCode === 304 ||
      typeof location !== 'string'
    ) {
      return { status: answer.statusCode, headers: flattened(answer.headers), body: answer.body }
    }
    await answer.body.dump({ limit: 65_536 })
    target = checkedAddress(new URL(location, target).href)
  }
  throw new AdvisoryFault('unreachable', `${url} redirects more than ${redirectCap} times`)
}

/** Throws AdvisoryFault for addresses that are not to be asked. */
export function checkedAddress(text: string): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw new AdvisoryFault('unreachable', `${JSON.stringify(text.slice(0, 200))} is not an address`, {
      cause,
    })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new AdvisoryFault(
      'unreachable',
      `${url.origin} is not asked for advisories: only https is, or http on this machine`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw new AdvisoryFault('unreachable', `${url.origin} is named with credentials, which feeds do not need`)
  }
  if (isLinkLocal(host)) {
    throw new AdvisoryFault(
      'unreachable',
      `${url.origin} is a link-local address and is not asked for advisories`,
    )
  }
  return url
}

/** Where clouds serve the credentials of their machines. */
function isLinkLocal(host: string): boolean {
  const lower = host.toLowerCase()
  return (
    lower.startsWith('169.254.') ||
    /^fe[89ab][0-9a-f]:/.test(lower) ||
    lower.startsWith('::ffff:a9fe:') ||
    lower === 'metadata.google.internal'
  )
}

function flattened(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

/** Lets go of a body that is of no interest, so that its connection is freed. */
export async function discard(answer: HttpAnswer): Promise<void> {
  try {
    await answer.body[Symbol.asyncIterator]().return?.()
  } catch (error) {
    // The body was abandoned on purpose; how it ended does not matter.
    messageOf(error)
  }
}
