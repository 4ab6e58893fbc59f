import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { AddressKind } from './address.ts'
import { checkHost, guardedConnector, type OutboundRules, type Reach, type TlsSettings } from './outbound.ts'
import { type ProxySettings, proxyFor } from './proxy.ts'

/** Milliseconds. */
export interface Timeouts {
  /** Until a connection is made, TLS included. Default 10,000. */
  readonly connect: number
  /** Until the headers of an answer have come. Default 30,000. */
  readonly headers: number
  /** Between two parts of a body. Default 30,000. */
  readonly bodyIdle: number
}

export const defaultTimeouts: Timeouts = { connect: 10_000, headers: 30_000, bodyIdle: 30_000 }

export interface DispatcherSettings extends OutboundRules, TlsSettings {
  /** Host name of the registry: the only one that sees a client certificate or may go unverified. */
  readonly ownHost: string
  /** Whether certificates of the own host are taken as they come. */
  readonly insecure: boolean
  readonly timeouts: Timeouts
  readonly proxy?: ProxySettings
  /** Connections to one origin. */
  readonly connections: number
}

/** Connection pools, made when first needed: one for each reach, proxy, and own or foreign host. */
export class Dispatchers {
  readonly #settings: DispatcherSettings
  readonly #pools = new Map<string, Dispatcher>()
  #closed = false
  readonly #kinds = new Map<string, AddressKind>()

  constructor(settings: DispatcherSettings) {
    this.#settings = settings
  }

  /** The pool for a URL. Throws `ForbiddenAddress` for a host that may not be asked for. */
  for(url: URL, reach: Reach): Dispatcher {
    if (this.#closed) throw Object.assign(new Error('the client is closed'), { code: 'UND_ERR_CLOSED' })
    checkHost(url.hostname, this.#settings, reach)
    const own = url.hostname === this.#settings.ownHost
    const proxy = proxyFor(url, this.#settings.proxy)
    // The own host is where the user sent us, whatever its address.
    const key = [own ? 'own' : reach, proxy ?? ''].join(' ')
    const known = this.#pools.get(key)
    if (known) return known
    const made = proxy ? this.#proxied(proxy, own) : this.#direct(own, own ? 'anywhere' : reach)
    this.#pools.set(key, made)
    return made
  }

  /** What kind of address a host was last reached at; undefined when it was not, or through a proxy. */
  kindOf(hostname: string): AddressKind | undefined {
    return this.#kinds.get(hostname)
  }

  async close(): Promise<void> {
    this.#closed = true
    const pools = [...this.#pools.values()]
    this.#pools.clear()
    await Promise.all(pools.map((pool) => pool.destroy()))
  }

  #direct(own: boolean, reach: Reach): Dispatcher {
    const { timeouts } = this.#settings
    const options = { ...this.#tls(own), timeout: timeouts.connect }
    const connect = guardedConnector(options, this.#settings, reach, (host, kind) =>
      this.#kinds.set(host, kind),
    )
    return new Agent({ ...this.#pooling(), connect })
  }

  /** The proxy is the operator's word and may lie anywhere; names are resolved there and not here. */
  #proxied(proxy: string, own: boolean): Dispatcher {
    const { timeouts } = this.#settings
    return new ProxyAgent({
      ...this.#pooling(),
      uri: proxy,
      connectTimeout: timeouts.connect,
      requestTls: this.#tls(own),
      proxyTls: this.#tls(false),
    })
  }

  #pooling() {
    const { timeouts, connections } = this.#settings
    return {
      connections,
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.bodyIdle,
      keepAliveTimeout: 10_000,
      // A server may not hold our connections open for longer than we like.
      keepAliveMaxTimeout: 30_000,
      maxHeaderSize: 64 * 1024,
      pipelining: 1,
      allowH2: false,
    }
  }

  #tls(own: boolean): { secureContext?: SecureContext; rejectUnauthorized?: boolean } {
    const { authorities, clientCertificate, insecure } = this.#settings
    const identity = own ? clientCertificate : undefined
    // One context for all connections: reading some hundred authorities anew for each would cost milliseconds.
    const secureContext =
      authorities?.length || identity
        ? createSecureContext({
            ca: [...getCACertificates('default'), ...(authorities ?? [])],
            cert: identity?.certificate,
            key: identity?.key.reveal(),
          })
        : undefined
    return {
      ...(secureContext ? { secureContext } : {}),
      ...(own && insecure ? { rejectUnauthorized: false } : {}),
    }
  }
}
