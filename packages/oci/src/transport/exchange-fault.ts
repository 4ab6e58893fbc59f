import { LongBody, SlowBody } from './body.ts'
import { ForbiddenAddress } from './outbound.ts'
import { RegistryFault, shownUrl } from './registry-fault.ts'

/** Errors that a broken network makes and a repaired one does not. */
const transient: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** The client itself was closed while the request was under way. */
const closed: ReadonlySet<string> = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'ABORT_ERR'])

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused; check host and port',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ENOTFOUND: 'the host name does not resolve; check its spelling and the DNS',
  EAI_AGAIN: 'the host name could not be resolved just now',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_SOCKET: 'the connection was broken off',
  UND_ERR_CONNECT_TIMEOUT: 'the connection was not made in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer is shorter or longer than announced',
  ERR_INVALID_URL: 'the address of the proxy is no URL',
  ERR_OSSL_PEM_NO_START_LINE: 'a given certificate or key is not PEM',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the client certificate belongs to another key',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
}

const untrusted: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** What a failed exchange was about. */
export interface Attempt {
  readonly registry: string
  /** `reading manifest 12 of library/debian`. */
  readonly purpose: string
  readonly url: URL
  readonly signal?: AbortSignal
}

/** Turns whatever a failed exchange threw into a `RegistryFault`; `retryable` says whether the same question may succeed. */
export function exchangeFault(error: unknown, { registry, purpose, url, signal }: Attempt): RegistryFault {
  if (error instanceof RegistryFault) return error
  const from = `${purpose} from ${registry}`
  const code = errorCode(error)
  if (signal?.aborted || closed.has(code)) {
    return new RegistryFault('aborted', `${from} was aborted`, { registry, cause: error })
  }
  if (error instanceof ForbiddenAddress) {
    return new RegistryFault('refused', `${from} was refused: ${error.message}`, { registry, cause: error })
  }
  if (error instanceof LongBody) {
    return new RegistryFault('too-large', `${from}: the answer has ${error.message}`, {
      registry,
      cause: error,
    })
  }
  if (error instanceof SlowBody) {
    const message = `${from}: the answer is too slow (${error.message})`
    return new RegistryFault('unreachable', message, { registry, cause: error, retryable: true })
  }
  const failed = `${from} failed at ${shownUrl(url)}`
  if (untrusted.has(code)) {
    const message = `${failed}: its certificate is not trusted (${code}); give its authority, or declare the registry insecure`
    return new RegistryFault('unreachable', message, { registry, cause: error })
  }
  if (
    code.startsWith('HPE_') ||
    (error as Error | undefined)?.name === 'HTTPParserError' ||
    code === 'UND_ERR_HEADERS_OVERFLOW'
  ) {
    const message = `${failed}: ${explanations[code] ?? 'the answer is not HTTP'}`
    return new RegistryFault('malformed', message, { registry, cause: error })
  }
  if (code === 'UND_ERR_ABORTED' || code.startsWith('UND_ERR_PRX')) {
    const message = `${failed}: the proxy did not let it through${error instanceof Error ? ` (${error.message})` : ''}`
    return new RegistryFault('unreachable', message, { registry, cause: error })
  }
  const reason = explanations[code] ?? (code || (error instanceof Error ? error.message : 'unknown error'))
  return new RegistryFault('unreachable', `${failed}: ${reason}`, {
    registry,
    cause: error,
    retryable: transient.has(code),
  })
}

/** Whether a TLS handshake failed because the other side does not speak TLS there (or does not listen there at all). */
export function isNoTls(error: unknown): boolean {
  const code = errorCode(error)
  return (
    code === 'EPROTO' ||
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'UND_ERR_SOCKET' ||
    code === 'UND_ERR_ABORTED' || // a proxy that tunnels to no such port
    code === 'UND_ERR_CONNECT_TIMEOUT' ||
    (code.startsWith('ERR_SSL_') && !code.includes('CERT'))
  )
}

function errorCode(error: unknown): string {
  if (error instanceof RegistryFault) return errorCode(error.cause)
  const code = (error as { code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  const cause = (error as { cause?: unknown } | undefined)?.cause
  return cause === undefined ? '' : errorCode(cause)
}
