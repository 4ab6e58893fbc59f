import type { Credential } from '../credentials/credential.ts'
import { registryEndpoint } from '../reference.ts'
import { orAborted } from './abort.ts'
import { isLoopbackHost } from './address.ts'
import { Authenticator, type RealmRequest } from './authenticator.ts'
import { type Clock, systemClock } from './clock.ts'
import { defaultTimeouts, type Timeouts } from './dispatchers.ts'
import { type Attempt, exchangeFault, isNoTls } from './exchange-fault.ts'
import { HttpClient } from './http-client.ts'
import type { OutboundRules, TlsSettings } from './outbound.ts'
import type { ProxySettings } from './proxy.ts'
import { redirectTarget } from './redirect.ts'
import { RegistryFault, shownUrl } from './registry-fault.ts'
import type { Reply } from './reply.ts'
import { defaultRetryPolicy, parseRetryAfter, type RetryPolicy } from './retry.ts'
import { statusFault } from './status-fault.ts'

/** How a registry is reached, and what it may cost; everything has a default. */
export interface TransportOptions extends OutboundRules, TlsSettings {
  /** Ours, for the User-Agent. */
  readonly version?: string
  /**
   * The registry may be spoken to over plain HTTP, and its certificate is taken as it is. Otherwise plain HTTP is for hosts
   * on this machine only. Hosts that the registry refers to are held to TLS all the same.
   */
  readonly insecure?: boolean
  readonly timeouts?: Partial<Timeouts>
  readonly retry?: Partial<RetryPolicy>
  readonly proxy?: ProxySettings
  /** Connections to one host at a time. Default 8. */
  readonly connections?: number
  readonly clock?: Clock
  /** Chance for jitter, from 0 to 1. */
  readonly random?: () => number
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD'
  /** From the root of the registry: `/v2/library/debian/manifests/12`, with its query. */
  readonly path: string
  /** What a token must allow: `repository:library/debian:pull`. */
  readonly scope: string
  readonly headers?: Readonly<Record<string, string>>
  /** For messages: `reading manifest 12 of library/debian`. */
  readonly purpose: string
  /** Statuses besides 2xx that are an answer rather than a fault. */
  readonly expect?: readonly number[]
  readonly signal?: AbortSignal
}

const maxRedirects = 5

/** Carries requests to one registry: finds its scheme, signs in, retries, follows redirects, keeps the outbound rules. */
export class RegistryTransport {
  readonly registry: string
  readonly #host: string
  readonly #hostname: string
  readonly #clock: Clock
  readonly #client: HttpClient
  readonly #authenticator: Authenticator
  readonly #closing = new AbortController()
  /** Plain HTTP is possible at all. */
  readonly #plain: boolean
  #origin: Promise<URL> | undefined

  constructor(registry: string, credential: Credential, options: TransportOptions = {}) {
    this.registry = registry
    this.#host = registryEndpoint(registry)
    this.#hostname = new URL(`https://${this.#host}`).hostname
    this.#plain = options.insecure === true || isLoopbackHost(this.#hostname)
    this.#clock = options.clock ?? systemClock
    this.#client = new HttpClient({
      ...options,
      ownHost: this.#hostname,
      insecure: options.insecure ?? false,
      timeouts: { ...defaultTimeouts, ...options.timeouts },
      retry: { ...defaultRetryPolicy, ...options.retry },
      connections: options.connections ?? 8,
      clock: this.#clock,
      random: options.random ?? Math.random,
      userAgent: `lanner/${options.version ?? '0.1.0'}`,
    })
    this.#authenticator = new Authenticator({
      registry,
      credential,
      clock: this.#clock,
      send: (request) => this.#askRealm(request),
    })
  }

  /** Asks the registry, and signs in when it wants that. Any status but 2xx and `expect` is thrown as `RegistryFault`. */
  async request(request: RegistryRequest): Promise<Reply> {
    const attempt = { ...request, registry: this.registry, url: new URL(`https://${this.#host}`) }
    try {
      const origin = await orAborted(this.#findOrigin(), request.signal)
      return await this.#signedIn(request, origin)
    } catch (error) {
      throw exchangeFault(error, attempt)
    }
  }

  /** Pauses after the given attempt, for callers that repeat something larger than one request. */
  async pause(count: number, { purpose, signal }: { purpose: string; signal?: AbortSignal }): Promise<void> {
    await this.#client.pause(count, {
      registry: this.registry,
      purpose,
      signal,
      url: new URL(`https://${this.#host}`),
    })
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the registry client was closed'))
    await this.#client.close()
  }

  async #signedIn(request: RegistryRequest, origin: URL): Promise<Reply> {
    const { scope, signal, purpose } = request
    const url = new URL(request.path, origin)
    if (url.origin !== origin.origin) {
      throw this.#fault('refused', `${purpose}: ${shownUrl(url)} is not on ${this.registry}`)
    }
    const known = await orAborted(this.#authenticator.authorization(scope), signal)
    const first = await this.#persist(request, url, known)
    if (first.status !== 401 || first.url.origin !== origin.origin) return this.#judge(request, first)
    const details = await first.details()
    const challenges = first.header('www-authenticate') ?? ''
    const authorization = await orAborted(
      this.#authenticator.answer(challenges, scope, known, origin),
      signal,
    )
    if (!authorization) throw this.#authenticator.refusal(purpose, details)
    const second = await this.#persist(request, url, authorization)
    if (second.status !== 401 || second.url.origin !== origin.origin) return this.#judge(request, second)
    throw this.#authenticator.refusal(purpose, await second.details())
  }

  #persist(request: RegistryRequest, url: URL, authorization: string | undefined): Promise<Reply> {
    const closing = this.#closing.signal
    // Pauses end with the client too, however long the registry wants us to wait.
    const signal = request.signal ? AbortSignal.any([request.signal, closing]) : closing
    const attempt = { registry: this.registry, purpose: request.purpose, url, signal }
    return this.#client.persist(() => this.#follow(request, url, authorization), attempt, request.expect)
  }

  /**
   * Follows redirects. The credential stays behind: only where a redirect leads back to the registry's own origin, and that
   * asks for it, is it shown again.
   */
  async #follow(request: RegistryRequest, start: URL, authorization: string | undefined): Promise<Reply> {
    const { method, purpose, signal } = request
    let url = start
    let shown = authorization
    for (let hops = 0; ; ) {
      const headers = { ...request.headers, ...(shown ? { authorization: shown } : {}) }
      const reach = hops > 0 && this.#client.isPublic(this.#hostname) ? 'not-loopback' : 'anywhere'
      const reply = await this.#client.send({
        registry: this.registry,
        purpose,
        signal,
        method,
        url,
        headers,
        reach,
      })
      if (reply.status === 401 && !shown && authorization && url.origin === start.origin) {
        await reply.discard()
        shown = authorization
        continue
      }
      const target = redirectTarget(reply, { registry: this.registry, purpose })
      if (!target) return reply
      await reply.discard()
      if (++hops > maxRedirects) {
        throw this.#fault(
          'malformed',
          `${purpose} from ${this.registry}: more than ${maxRedirects} redirects`,
        )
      }
      url = target
      shown = undefined
    }
  }

  #askRealm(request: RealmRequest): Promise<Reply> {
    const reach = this.#client.isPublic(this.#hostname) ? 'public' : 'anywhere'
    const attempt: Attempt = { ...request, registry: this.registry, signal: this.#closing.signal }
    const ask = () => this.#client.send({ ...request, ...attempt, reach })
    return request.method === 'GET' ? this.#client.persist(ask, attempt) : ask()
  }

  /** The scheme that the registry speaks, found out once: HTTPS, or HTTP where that is allowed and TLS is not spoken. */
  #findOrigin(): Promise<URL> {
    if (!this.#plain) return Promise.resolve(new URL(`https://${this.#host}`))
    this.#origin ??= this.#probe().catch((error) => {
      this.#origin = undefined
      throw error
    })
    return this.#origin
  }

  async #probe(): Promise<URL> {
    const secure = new URL(`https://${this.#host}`)
    const url = new URL('/v2/', secure)
    const attempt: Attempt = {
      registry: this.registry,
      purpose: 'connecting',
      url,
      signal: this.#closing.signal,
    }
    try {
      const reply = await this.#client.send({ ...attempt, method: 'GET', headers: {}, reach: 'anywhere' })
      await reply.discard()
      return secure
    } catch (error) {
      if (isNoTls(error)) return new URL(`http://${this.#host}`)
      throw error
    }
  }

  async #judge(request: RegistryRequest, reply: Reply): Promise<Reply> {
    const { status, url } = reply
    if ((status >= 200 && status < 300) || request.expect?.includes(status)) return reply
    throw statusFault({
      registry: this.registry,
      purpose: request.purpose,
      status,
      details: await reply.details(),
      retryAfter: parseRetryAfter(reply.header('retry-after'), this.#clock.now()),
      identity: this.#authenticator.identity(),
      ...(url.host === this.#host ? {} : { elsewhere: url.host }),
    })
  }

  #fault(code: 'malformed' | 'refused', message: string): RegistryFault {
    return new RegistryFault(code, message, { registry: this.registry })
  }
}
