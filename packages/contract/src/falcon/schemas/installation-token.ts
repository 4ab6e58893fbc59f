import { Type } from 'typebox'
import { nullable, partial, record, time } from '../../parts.ts'

/** What was done with a token or with the settings. */
export const AuditEvent = record('AuditEvent', {
  action: Type.String({
    description: 'token_create, token_update, token_revoke, token_restore, token_delete or settings_update',
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
  tokens_required: Type.Boolean({ description: 'whether enrolling asks for a token' }),
})

export const TokenSettingsChange = partial('TokenSettingsChange', {
  max_active_tokens: Type.Integer(),
  tokens_required: Type.Boolean(),
})

/** A token with which a worker or a sensor enrols. */
export const InstallationToken = record('InstallationToken', {
  created_timestamp: time(),
  expires_timestamp: nullable(time(), 'null: never'),
  id: Type.String(),
  label: Type.String(),
  last_used_timestamp: nullable(time()),
  revoked_timestamp: nullable(time()),
  status: Type.String({ description: 'valid, expired or revoked' }),
  type: Type.String({ description: 'customer_managed' }),
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
