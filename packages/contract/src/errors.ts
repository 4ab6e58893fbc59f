import type { Operation } from './define.ts'

/** Why a request is refused, in a use case's words. */
export type RefusalCode =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'too-many'
  | 'unavailable'
  | 'no-space'

/** The status of each refusal: the same in both dialects. */
export const statuses = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  'no-space': 507,
} as const satisfies Readonly<Record<RefusalCode, number>>

/**
 * What clients of the vendor were seen to be told, and by whom (`powered_by`): the door in front of the service speaks of
 * tokens and scopes, the token service of credentials. A message of ours may go on where one of these ends.
 */
export const falconTexts = {
  badToken: {
    poweredBy: 'crowdstrike-api-gateway',
    status: 401,
    text: 'access denied, invalid bearer token',
  },
  noToken: { poweredBy: 'crowdstrike-api-gateway', status: 401, text: 'access denied, authorization failed' },
  noScope: { poweredBy: 'crowdstrike-api-gateway', status: 403, text: 'access denied, authorization failed' },
  badCredentials: { poweredBy: 'csam', status: 403, text: 'Failed to issue access token' },
  noTokenForClient: { poweredBy: 'csam', status: 400, text: 'Failed to generate access token' },
} as const

/** Every status that an operation can answer with, and when. */
export function statusesOf(operation: Operation): ReadonlyMap<number, string> {
  const { scope, query, body, failures = {}, status = 200 } = operation
  const signedIn = scope !== 'none'
  const takes = body !== undefined || Object.keys(query ?? {}).length > 0
  return new Map(
    [
      [status, 'done'] as const,
      ...(takes ? [[400, 'a parameter or the body is not as described'] as const] : []),
      ...(signedIn
        ? [
            [401, 'the bearer token is missing, expired or wrong'] as const,
            [403, 'the client has none of the scopes'] as const,
          ]
        : []),
      ...(body === undefined ? [] : [[413, 'the body is too large'] as const]),
      [429, 'too many requests; X-Ratelimit-Retryafter says when to go on'] as const,
      [500, 'an error of the server; the log has it under the trace id'] as const,
      [503, 'something that is needed does not answer now; nothing was stored'] as const,
      ...Object.entries(failures).map(([code, when]) => [Number(code), when] as const),
    ].sort(([a], [b]) => a - b),
  )
}
