import { quoteDetails, type RegistryErrorDetail, RegistryFault } from './registry-fault.ts'

/** An answer that is none. */
export interface Refusal {
  readonly registry: string
  readonly purpose: string
  readonly status: number
  readonly details: readonly RegistryErrorDetail[]
  /** Milliseconds. */
  readonly retryAfter?: number
  /** Who we were to the server: `no credential`, `the credential of user "ci" from …`. */
  readonly identity: string
  /** The host that answered, where it is not the registry itself. */
  readonly elsewhere?: string
}

/** What a status that is neither success nor expected means, in words that say what to do. */
export function statusFault(refusal: Refusal): RegistryFault {
  const { registry, purpose, status, details, retryAfter, identity, elsewhere } = refusal
  const what = `${purpose} from ${registry}${elsewhere ? ` (redirected to ${elsewhere})` : ''}`
  const said = quoteDetails(details)
  const facts = { registry, status, details, retryAfter }
  if (status === 401 || (status === 403 && elsewhere)) {
    const message = elsewhere
      ? `${what} was answered with ${status}: the address it redirects to wants a sign-in, which is not sent along a redirect`
      : `${what} is not authorized with ${identity}; it may not exist, or need another sign-in`
    return new RegistryFault(elsewhere ? 'denied' : 'unauthorized', `${message}${said}`, facts)
  }
  if (status === 403) {
    return new RegistryFault(
      'denied',
      `${what} is not allowed with ${identity}; ask for read access${said}`,
      facts,
    )
  }
  if (status === 404 || status === 410) {
    return new RegistryFault(
      'not-found',
      `${what} failed: it is not there; check name and spelling${said}`,
      facts,
    )
  }
  if (status === 429) {
    const when =
      retryAfter === undefined ? 'try again later' : `try again in ${Math.ceil(retryAfter / 1000)} s`
    const message = `${what} failed: too many requests with ${identity}; ${when}${said}`
    return new RegistryFault('rate-limited', message, { ...facts, retryable: true })
  }
  if (status >= 500) {
    const message = `${what} failed: the server answered ${status}; try again later${said}`
    return new RegistryFault('server', message, { ...facts, retryable: status !== 501 && status !== 505 })
  }
  return new RegistryFault('malformed', `${what} failed: unexpected status ${status}${said}`, facts)
}
