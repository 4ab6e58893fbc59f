import { Fault } from '@lanner/model'

/**
 * `unauthorized`: 401. `denied`: 403, or a redirect that wants a sign-in. `rate-limited`: 429. `server`: 5xx. `malformed`: breaks the
 * protocol. `refused`: a rule of ours forbids it. `too-large`: beyond a cap. `aborted`: the caller's signal.
 */
export type RegistryFaultCode =
  | 'unauthorized'
  | 'denied'
  | 'not-found'
  | 'rate-limited'
  | 'unreachable'
  | 'malformed'
  | 'refused'
  | 'too-large'
  | 'server'
  | 'aborted'

/** One entry of a registry's error body. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export interface RegistryErrorDetail {
  readonly code: string
  readonly message: string
}

/** A registry did not do what was asked of it, or was not asked because a rule forbids it (`refused`). */
export class RegistryFault extends Fault<RegistryFaultCode> {
  /** As in `Reference`. */
  readonly registry: string
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** What the registry itself said. */
  readonly details: readonly RegistryErrorDetail[]
  /** Milliseconds after which the registry wants to be asked again. */
  readonly retryAfter?: number

  constructor(
    code: RegistryFaultCode,
    message: string,
    options: {
      readonly registry: string
      readonly status?: number
      readonly details?: readonly RegistryErrorDetail[]
      readonly retryAfter?: number
      readonly retryable?: boolean
      readonly cause?: unknown
    },
  ) {
    super(code, message, { cause: options.cause, retryable: options.retryable })
    this.registry = options.registry
    this.status = options.status
    this.details = options.details ?? []
    this.retryAfter = options.retryAfter
  }
}

const maxDetails = 10

/** Reads `{ "errors": [ { code, message } ] }`; anything else yields no details. Texts are short and printable. */
export function parseErrorBody(body: string): readonly RegistryErrorDetail[] {
  let document: unknown
  try {
    document = JSON.parse(body)
  } catch {
    return []
  }
  const errors = member(document, 'errors')
  if (!Array.isArray(errors)) return []
  return errors.slice(0, maxDetails).flatMap((error) => {
    const code = member(error, 'code')
    const message = member(error, 'message')
    if (typeof code !== 'string' && typeof message !== 'string') return []
    return { code: printable(code, 64), message: printable(message, 300) }
  })
}

/** ` (the registry says UNAUTHORIZED: authentication required; …)`, or nothing. */
export function quoteDetails(details: readonly RegistryErrorDetail[]): string {
  if (details.length === 0) return ''
  const said = details.slice(0, 3).map(({ code, message }) => [code, message].filter(Boolean).join(': '))
  return ` (the registry says ${said.join('; ')})`
}

/** A URL as it may be shown: signed addresses carry their secret in the query. */
export function shownUrl(url: URL): string {
  return printable(`${url.protocol}//${url.host}${url.pathname}`, 300)
}

function printable(value: unknown, most: number): string {
  return typeof value === 'string' ? value.slice(0, most).replace(/[^\x20-\x7e\u00a0-\ud7ff]/g, '?') : ''
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
