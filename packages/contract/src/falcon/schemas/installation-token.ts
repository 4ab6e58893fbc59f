import { Type } from 'typebox'
import { nullable, partial, record, time } from '../../parts.ts'

export const AuditEvent = record('AuditEvent', {
  action: Type.String({
    description: 'for example token_create; the rest of the vocabulary is undocumented',
  }),
  actor: Type.String(),
  description: Type.String(),
  id: Type.String(),
  timestamp: time(),
  token_id: Type.String(),
})

export const TokenSettings = record('TokenSettings', {
  max_active_tokens: Type.Optional(
    Type.Integer({ description: 'how many tokens may be valid at the same time' }),
  ),
  tokens_required: Type.Boolean({ description: 'whether a sensor install must present a token' }),
})

export const TokenSettingsChange = partial('TokenSettingsChange', {
  max_active_tokens: Type.Integer(),
  tokens_required: Type.Boolean(),
})

export const InstallationToken = record('InstallationToken', {
  created_timestamp: time(),
  expires_timestamp: nullable(time(), 'null means that it never expires'),
  id: Type.String(),
  label: Type.String(),
  last_used_timestamp: nullable(time()),
  revoked_timestamp: nullable(time()),
  status: Type.String({ description: 'valid, expired or revoked' }),
  type: Type.String({ description: 'customer_managed is the value seen in clients' }),
  value: Type.String({ description: 'the secret that an installer is given' }),
})

export const InstallationTokenChange = partial('InstallationTokenChange', {
  expires_timestamp: nullable(time()),
  label: nullable(Type.String()),
  revoked: nullable(Type.Boolean(), 'true revokes, false restores'),
})

export const InstallationTokenRequest = partial('InstallationTokenRequest', {
  expires_timestamp: nullable(time()),
  label: Type.String(),
  type: Type.String(),
})
