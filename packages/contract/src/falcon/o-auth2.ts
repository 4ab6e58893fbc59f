import { collection, post } from '../define.ts'
import { acknowledged, bare } from '../parts.ts'
import { AccessToken, AccessTokenRequest, RevocationRequest } from './schemas/access-token.ts'

/** Bearer tokens for client id and secret. */
export const oAuth2 = collection('falcon', 'OAuth2', {
  oauth2AccessToken: post('/oauth2/token', {
    tier: 'auth',
    scope: 'none',
    summary: 'Exchanges client id and secret for a bearer token.',
    snakeName: 'token',
    body: AccessTokenRequest,
    consumes: 'form',
    status: 201,
    reply: bare(AccessToken),
    failures: {
      400: 'the form names no client, or the client cannot get a token',
      403: 'client id or secret is wrong',
    },
    quirks: [
      'The good status is 201.',
      'Client id and secret come as form members or as HTTP Basic; grant_type may be missing.',
      'No X-Cs-Region header is sent: clients would switch to a cloud of the vendor.',
      'expires_in is 1799.',
    ],
  }),

  oauth2RevokeToken: post('/oauth2/revoke', {
    tier: 'auth',
    scope: 'none',
    summary: 'Invalidates a bearer token before it expires.',
    snakeName: 'revoke',
    body: RevocationRequest,
    consumes: 'form',
    reply: acknowledged(),
    failures: { 400: 'the form has no token', 403: 'client id or secret is wrong' },
    quirks: [
      'Basic authentication may spell its scheme in lower case, or be missing.',
      'The answer has no resources.',
    ],
  }),
})
