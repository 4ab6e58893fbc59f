import type { RequestFault } from '../use-cases/request-fault.ts'
import { WrittenJson } from './written-json.ts'

/** How a dialect names itself in `powered_by`, and what it says when it turns somebody away. */
export interface Voice {
  readonly poweredBy: string
  /** Who speaks where a token or a scope is missing. */
  readonly gateway: string
  readonly badToken: string
  readonly noToken: string
  readonly noScope: string
  /** What complaints about the request begin with. */
  readonly invalid: string
  /** Whether a refusal has an empty array of resources. */
  readonly emptyResources: boolean
}

const falcon: Voice = {
  poweredBy: 'container-security',
  gateway: 'crowdstrike-api-gateway',
  badToken: 'access denied, invalid bearer token',
  noToken: 'access denied, authorization failed',
  noScope: 'access denied, authorization failed',
  invalid: '',
  emptyResources: true,
}

const lanner: Voice = {
  poweredBy: 'lanner',
  gateway: 'lanner',
  badToken: 'the bearer token is not valid, or no longer: get a new one from /oauth2/token',
  noToken: 'this needs an Authorization header with a bearer token: get one from /oauth2/token',
  noScope: 'the client has none of the scopes that this operation asks for',
  invalid: '',
  emptyResources: true,
}

const signIn: Voice = { ...falcon, poweredBy: 'csam', gateway: 'csam', emptyResources: false }

const tokenIssue: Voice = { ...signIn, invalid: 'Failed to generate access token: ' }

export const voices = { falcon, lanner, signIn, tokenIssue } as const

/** What an answer's `meta` says beside what every answer says. */
export interface MetaFacts {
  readonly pagination?: { readonly limit: number; readonly offset: number; readonly total: number }
  readonly affected?: number
  /** What an answer leaves open, where it is one all the same. */
  readonly errors?: readonly { readonly code: number; readonly message: string }[]
}

/** The start of an enveloped body, up to where the errors begin. Everything put in is ours or a number. */
function openEnvelope(poweredBy: string, traceId: string, seconds: number, facts: MetaFacts): string {
  const { pagination, affected } = facts
  const paging = pagination
    ? `,"pagination":{"limit":${pagination.limit},"offset":${pagination.offset},"total":${pagination.total}}`
    : ''
  const writes = affected === undefined ? '' : `,"writes":{"resources_affected":${affected}}`
  return `{"meta":{"query_time":${seconds.toFixed(6)},"powered_by":"${poweredBy}","trace_id":"${traceId}"${paging}${writes}}`
}

const end = Buffer.from('}')

/**
 * The whole body of a success; `resources` is an array, the one object of an operation that has one, or nothing. What was
 * written before goes into it as it is.
 */
export function envelope(
  voice: Voice,
  traceId: string,
  seconds: number,
  facts: MetaFacts,
  resources: unknown,
): string | Uint8Array {
  const errors = facts.errors ? JSON.stringify(facts.errors) : '[]'
  const start = `${openEnvelope(voice.poweredBy, traceId, seconds, facts)},"errors":${errors}`
  if (resources instanceof WrittenJson)
    return Buffer.concat([Buffer.from(`${start},"resources":`), resources.bytes, end])
  return resources === undefined ? `${start}}` : `${start},"resources":${JSON.stringify(resources)}}`
}

/** The body of a refusal, by `poweredBy` where that is not the dialect itself. */
export function refusalBody(
  voice: Voice,
  poweredBy: string,
  traceId: string,
  seconds: number,
  error: { readonly code: number; readonly message: string; readonly id?: string },
): string {
  return `${openEnvelope(poweredBy, traceId, seconds, {})},"errors":[${JSON.stringify(error)}]${voice.emptyResources ? ',"resources":[]' : ''}}`
}

/** The one table of statuses. */
export const statusOf = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  'no-space': 507,
} as const satisfies Record<RequestFault['code'], number>

/** Says when to come back in all the ways that clients look for it. */
export function retryHeaders(fault: RequestFault, now: number): readonly string[] {
  if (fault.retryAt === undefined) return []
  const at = Math.ceil(fault.retryAt / 1000)
  const wait = Math.max(1, at - Math.floor(now / 1000))
  return ['X-Ratelimit-Retryafter', String(at), 'Retry-After', String(wait)]
}
