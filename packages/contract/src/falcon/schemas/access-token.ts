import { Type } from 'typebox'
import { record } from '../../parts.ts'

/** Client id and secret may come by HTTP Basic instead: the dialect puts them in their places here. */
export const AccessTokenRequest = record('AccessTokenRequest', {
  client_id: Type.String(),
  client_secret: Type.String(),
  member_cid: Type.Optional(
    Type.String({ description: 'account to sign in to, where the client may use several' }),
  ),
  grant_type: Type.Optional(Type.Enum(['client_credentials'])),
})

/** RFC 6749, section 5.1. */
export const AccessToken = record('AccessToken', {
  access_token: Type.String(),
  token_type: Type.String({ description: 'bearer' }),
  expires_in: Type.Integer({ description: 'seconds until expiry: 1799' }),
  id_token: Type.Optional(Type.String()),
  issued_token_type: Type.Optional(Type.String()),
  refresh_token: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
})

export const RevocationRequest = record('RevocationRequest', {
  token: Type.String(),
  client_id: Type.Optional(Type.String()),
})
