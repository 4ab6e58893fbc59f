import { type Estate, estateTime } from '../../apps/server/src/testing/estate.ts'
import type { TestReply } from '../../apps/server/src/testing/server.ts'
import type { ExampleRequest } from './example.ts'

const mostItems = 2
const mostText = 240
/** Instants that are told in seconds since 1970. */
const instants: ReadonlySet<string> = new Set(['first_seen', 'last_seen'])
/** Members whose values say how long something took, or which release did it. */
const drifting: Readonly<Record<string, unknown>> = {
  query_time: 0.004,
  took_ms: 8_412,
  hours: 0,
  bytes: 48_211_034,
  // How far a job had come when its worker last told.
  progress: { images: 1, layers: 2, imagesDone: 1, layersDone: 2, layersKnown: 2 },
}
/** Members that hold a secret, by what is shown of it. */
const secrets: Readonly<Record<string, string>> = {
  access_token: 'eyJhbGciOi…',
  client_secret: 'wXyZ0123456789abcdefghijklmnopqrstuvwxyz',
  token: 'eyJhbGciOi…',
}
const day = 86_400_000

/** Whether an instant has to do with when the examples ran: by the estate's clock, or by the database's for its jobs. */
function isNow(time: string): boolean {
  const instant = Date.parse(time)
  return Math.abs(instant - estateTime) < 40 * day || Math.abs(instant - Date.now()) < 2 * day
}

const pattern =
  /(?<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)|(?<hex>(?<![0-9a-f:])[0-9a-f]{32}(?![0-9a-f]))|(?<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?<fraction>\.\d+)?Z)/g

/** Replaces what differs from one run to the next, the same by the same, within one example. */
export class Steadied {
  readonly #estate: Estate
  readonly #known = new Map<string, string>()
  #made = 0
  #cut = false

  constructor(estate: Estate) {
    this.#estate = estate
    const [{ cid, clientId, clientSecret }] = estate.tenants
    this.#known.set(cid, '0f1e2d3c4b5a69788796a5b4c3d2e1f0')
    this.#known.set(clientId, '3f8a1c5e7b9d02468ace13579bdf0246')
    this.#known.set(clientSecret, secrets['client_secret']!)
  }

  example(request: ExampleRequest, { text, body, headers, status }: TestReply) {
    const shown = this.#value(request, '', false) as ExampleRequest
    const json =
      body === undefined ? (text === '' ? undefined : this.#text(text)) : this.#value(body, '', true)
    const kept = Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => /^x-(?!ratelimit|cs-traceid)|^content-disposition$/.test(name))
        .map(([name, value]) => [name, this.#text(value)]),
    )
    return { request: shown, headers: { status: String(status), ...kept }, answer: json, cut: this.#cut }
  }

  #value(value: unknown, name: string, cutting: boolean): unknown {
    if (Object.hasOwn(drifting, name)) return drifting[name]
    if (typeof value === 'number') {
      return instants.has(name) && value > 1e9 ? estateTime / 1000 : value
    }
    if (typeof value === 'string') {
      if (name === 'version' && /^\d\d\.\d+$/.test(value)) return '18.4'
      // Of an event: they are numbered as they come in, whichever job is first.
      if (name === 'id' && /^\d{1,6}$/.test(value)) return '41'
      if (Object.hasOwn(secrets, name)) return secrets[name]
      const text = this.#text(value)
      if (!cutting || text.length <= mostText) return text
      this.#cut = true
      return `${text.slice(0, mostText)}…`
    }
    if (Array.isArray(value)) {
      if (cutting && value.length > mostItems) this.#cut = true
      const kept = cutting ? value.slice(0, mostItems) : value
      return kept.map((item) => this.#value(item, name, cutting))
    }
    if (typeof value !== 'object' || value === null) return value
    // The secret of an installation token: nothing else that has a value has a label too.
    const token = 'label' in value && 'value' in value ? { value: 'b7Lk0…' } : {}
    return {
      ...Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, this.#value(inner, key, cutting)]),
      ),
      ...token,
    }
  }

  #text(text: string): string {
    const { url, advisories } = this.#estate
    const plain = text
      .replaceAll(advisories, '/srv/advisories')
      .replaceAll(/last asked \d+ minutes ago/g, 'last asked 0 minutes ago')
      .replaceAll(url, 'http://127.0.0.1:8080')
      .replaceAll(new URL(url).host, '127.0.0.1:8080')
      .replaceAll(this.#estate.tenants[0].clientSecret, secrets['client_secret']!)
    return plain.replaceAll(pattern, (found, ...rest) => {
      const { time, fraction, hex } = rest.at(-1) as Record<string, string | undefined>
      if (time !== undefined) {
        const at = new Date(estateTime).toISOString().slice(0, 19)
        return isNow(time) ? `${at}${fraction === undefined ? '' : '.000'}Z` : found
      }
      const known = this.#known.get(found) ?? (hex === undefined ? this.#uuid() : this.#hex())
      this.#known.set(found, known)
      return known
    })
  }

  #uuid(): string {
    return `5b0c6d1e-8a0e-4c1b-9a55-${String(++this.#made).padStart(12, '0')}`
  }

  #hex(): string {
    return String(++this.#made).padStart(32, '7d0c4e19')
  }
}
