import type { Handlers, installationTokens } from '@lanner/contract'
import type { InstallationSettings, InstallationToken } from '../../use-cases/installation-tokens.ts'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'
import { instant } from './words.ts'

export const installationTokenHandlers: Handlers<typeof installationTokens, Services> = {
  async audit_events_query({ query, caller }, { installationTokens }) {
    const { limit, offset, filter, sort = [] } = query
    const { ids, total } = await installationTokens.queryAudit(caller.cid, { limit, offset, filter, sort })
    return { resources: ids, pagination: { limit, offset, total } }
  },

  async audit_events_read({ query, caller }, { installationTokens }) {
    const events = await installationTokens.readAudit(caller.cid, query.ids ?? [])
    return {
      resources: events.map(({ event_id, at, ...event }) => ({
        id: event_id,
        ...event,
        timestamp: instant(at),
      })),
    }
  },

  async customer_settings_read({ caller }, { installationTokens }) {
    return { resources: [settingsBody(await installationTokens.settings(caller.cid))] }
  },

  async customer_settings_update({ body, caller }, { installationTokens }) {
    const { tokens_required, max_active_tokens } = body
    const settings = await installationTokens.changeSettings(caller.cid, caller.actor, {
      ...(tokens_required === undefined ? {} : { tokensRequired: tokens_required }),
      ...(max_active_tokens === undefined ? {} : { maxActiveTokens: max_active_tokens }),
    })
    return { resources: [settingsBody(settings)] }
  },

  async tokens_query({ query, caller }, { installationTokens }) {
    const { limit, offset, filter, sort = [] } = query
    const { ids, total } = await installationTokens.query(caller.cid, { limit, offset, filter, sort })
    return { resources: ids, pagination: { limit, offset, total } }
  },

  async tokens_read({ query, caller }, { installationTokens }) {
    const tokens = await installationTokens.read(caller.cid, query.ids ?? [])
    return { resources: tokens.map(tokenBody) }
  },

  async tokens_create({ body, caller }, { installationTokens }) {
    const { label = '', type, expires_timestamp } = body
    const token = await installationTokens.create(caller.cid, caller.actor, {
      label,
      expiresAt: expiry(expires_timestamp) ?? null,
      ...(type ? { type } : {}),
    })
    return { resources: [tokenBody(token)] }
  },

  async tokens_update({ query, body, caller }, { installationTokens }) {
    const { label, revoked } = body
    const expiresAt = expiry(body.expires_timestamp)
    const tokens = await installationTokens.update(caller.cid, caller.actor, query.ids, {
      ...(label === undefined || label === null ? {} : { label }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(revoked === undefined || revoked === null ? {} : { revoked }),
    })
    return { resources: tokens.map(tokenBody) }
  },

  async tokens_delete({ query, caller }, { installationTokens }) {
    return { affected: await installationTokens.remove(caller.cid, caller.actor, query.ids) }
  },
}

function settingsBody({ tokens_required, max_active_tokens }: InstallationSettings) {
  return { tokens_required, ...(max_active_tokens === null ? {} : { max_active_tokens }) }
}

function tokenBody(token: InstallationToken) {
  const { id, label, type, status, value } = token
  return {
    id,
    label,
    type,
    status,
    value,
    created_timestamp: instant(token.createdAt),
    expires_timestamp: token.expiresAt && instant(token.expiresAt),
    last_used_timestamp: token.lastUsedAt && instant(token.lastUsedAt),
    revoked_timestamp: token.revokedAt && instant(token.revokedAt),
  }
}

/** Undefined where nothing is said, null for never: Terraform writes the year 1 for that. */
function expiry(text: string | null | undefined): Date | null | undefined {
  if (text === undefined) return undefined
  if (text === null || text === '' || text.startsWith('0001-01-01')) return null
  const time = Date.parse(text)
  if (Number.isNaN(time))
    throw new RequestFault('invalid', `expires_timestamp ${text.slice(0, 40)}: no RFC 3339 time`)
  return new Date(time)
}
