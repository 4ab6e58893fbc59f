import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const RevocationRequest = record('RevocationRequest', {
  client_id: Type.Optional(Type.String()),
  token: Type.String(),
})

export const AccessToken = record('AccessToken', {
  access_token: Type.String(),
  expires_in: Type.Optional(Type.Integer({ description: 'seconds until expiry (real API: 1799)' })),
  id_token: Type.Optional(Type.String()),
  issued_token_type: Type.Optional(Type.String({ description: 'rarely set' })),
  refresh_token: Type.Optional(Type.String()),
  scope: Type.Optional(Type.String()),
  token_type: Type.Optional(Type.String({ description: 'the literal bearer' })),
})

export const AccessTokenRequest = record('AccessTokenRequest', {
  client_id: Type.String(),
  client_secret: Type.String(),
  member_cid: Type.Optional(Type.String()),
  grant_type: Type.Optional(Type.Enum(['client_credentials'], { description: 'sent by gofalcon only' })),
})
