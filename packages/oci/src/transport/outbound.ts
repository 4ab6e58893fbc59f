import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns'
import { buildConnector } from 'undici'
import type { Secret } from '../credentials/secret.ts'
import { type AddressKind, addressKind, isLoopbackHost, isMetadataHost } from './address.ts'

/** How far a request may go: a registry's own word (a realm, a redirect) must not lead us deeper inside than the registry is. */
export type Reach = 'anywhere' | 'not-loopback' | 'public'

/** Resolves a name to all its addresses; `dns.lookup` by default. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export interface OutboundRules {
  /** Hosts (names or addresses, without port) that may lie anywhere, link-local addresses included. */
  readonly allowedHosts?: readonly string[]
  readonly lookup?: Lookup
}

export interface TlsSettings {
  /** PEM; trusted besides the usual authorities. */
  readonly authorities?: readonly string[]
  /** PEM; shown to the registry's own host only. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: Secret }
}

/** A rule forbids to connect; not a `RegistryFault` yet because undici carries it. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'
}

/** Throws `ForbiddenAddress` when the host, as written, may not be asked for. Names are checked again once resolved. */
export function checkHost(hostname: string, rules: OutboundRules, reach: Reach): void {
  if (isAllowed(hostname, rules)) return
  const host = bareHost(hostname)
  if (isMetadataHost(host)) {
    throw new ForbiddenAddress(`${host} serves cloud metadata; allow it by name if this is meant`)
  }
  const kind = addressKind(host) ?? (isLoopbackHost(host) ? 'loopback' : undefined)
  if (kind) checkKind(kind, host, host, reach)
}

/** Connects by TCP or TLS, to addresses that the rules allow and no others, and tells what it connected to. */
export function guardedConnector(
  options: buildConnector.BuildOptions,
  rules: OutboundRules,
  reach: Reach,
  connected: (host: string, kind: AddressKind) => void,
): buildConnector.connector {
  const lookup: Lookup = (hostname, lookupOptions, callback) => {
    const resolve = rules.lookup ?? systemLookup
    resolve(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      try {
        for (const { address } of addresses) checkAddress(hostname, address, rules, reach)
      } catch (refusal) {
        return callback(refusal as Error, []) // Nothing else is thrown there.
      }
      // Asked for one address, the callback takes it apart; asked for all, it takes the list.
      if (lookupOptions.all) return callback(null, addresses)
      const [first] = addresses
      // The types know the second kind of call only.
      const single = callback as unknown as (error: null, address: string, family: number) => void
      single(null, first.address, first.family)
    })
  }
  // Its type is that of a look-up that is always asked for all addresses; ours answers both kinds of call.
  const connect = buildConnector({ ...options, lookup: lookup as never, allowH2: false })
  return (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null)
      // What counts is where the connection really went, whatever the resolver said.
      const address = socket.remoteAddress ?? ''
      try {
        checkAddress(target.hostname, address, rules, reach)
      } catch (refusal) {
        socket.destroy()
        return callback(refusal as Error, null) // Nothing else is thrown there.
      }
      connected(target.hostname, addressKind(address) ?? 'public')
      callback(null, socket)
    })
  }
}

function checkAddress(host: string, address: string, rules: OutboundRules, reach: Reach): void {
  if (isAllowed(host, rules)) return
  const kind = addressKind(address)
  if (kind) checkKind(kind, host, address, reach)
}

function isAllowed(host: string, { allowedHosts }: OutboundRules): boolean {
  return allowedHosts?.some((allowed) => bareHost(allowed) === bareHost(host)) ?? false
}

/** In lower case, and an IPv6 address without its brackets. */
function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase()
}

function checkKind(kind: AddressKind, host: string, address: string, reach: Reach): void {
  const what = host === address ? address : `${host} resolves to ${address}, which`
  if (kind === 'link-local') {
    throw new ForbiddenAddress(
      `${what} is a link-local or metadata address; allow it by name if this is meant`,
    )
  }
  if ((kind === 'loopback' && reach !== 'anywhere') || (kind === 'private' && reach === 'public')) {
    throw new ForbiddenAddress(
      `${what} is a ${kind} address, to which a public registry must not send us; allow it by name if this is meant`,
    )
  }
}
