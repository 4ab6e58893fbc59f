import { Type } from 'typebox'
import { collection, del, get, patch, post } from '../define.ts'
import { auditEventFields } from '../fields/audit-event.ts'
import { installationTokenFields } from '../fields/installation-token.ts'
import { acknowledged, fql, list, paging, resources, sortBy } from '../parts.ts'
import {
  AuditEvent,
  InstallationToken,
  InstallationTokenChange,
  InstallationTokenRequest,
  TokenSettings,
  TokenSettingsChange,
} from './schemas/installation-token.ts'
import { tokenSettingsWrite, tokensRead, tokensWrite } from './scopes.ts'

/** Tokens with which workers and sensors enrol, their settings, and the audit trail of both. */
export const installationTokens = collection('falcon', 'Installation Tokens', {
  audit_events_read: get('/installation-tokens/entities/audit-events/v1', {
    tier: 'seed',
    scope: tokensRead,
    summary: 'Returns audit events by id.',
    alsoCalled: ['audit-events-read'],
    query: { ids: list('audit event ids') },
    reply: resources(AuditEvent),
  }),

  customer_settings_read: get('/installation-tokens/entities/customer-settings/v1', {
    tier: 'seed',
    scope: tokensRead,
    summary: 'Returns the installation token settings of the account.',
    alsoCalled: ['customer-settings-read'],
    reply: resources(TokenSettings),
  }),

  customer_settings_update: patch('/installation-tokens/entities/customer-settings/v1', {
    tier: 'newer',
    scope: tokenSettingsWrite,
    summary: 'Changes the installation token settings of the account.',
    alsoCalled: ['customer-settings-update'],
    body: TokenSettingsChange,
    reply: resources(TokenSettings),
  }),

  tokens_delete: del('/installation-tokens/entities/tokens/v1', {
    tier: 'seed',
    scope: tokensWrite,
    summary: 'Deletes tokens for good (revoking is done with tokens_update).',
    alsoCalled: ['tokens-delete'],
    query: { ids: list('ids of the tokens to delete', { required: true }) },
    reply: acknowledged(),
    failures: { 404: 'none of the ids is known' },
    quirks: ['The answer has no resources.'],
  }),

  tokens_read: get('/installation-tokens/entities/tokens/v1', {
    tier: 'seed',
    scope: tokensRead,
    summary: 'Returns installation tokens by id.',
    alsoCalled: ['tokens-read'],
    query: { ids: list('token ids') },
    reply: resources(InstallationToken),
    failures: { 404: 'none of the ids is known' },
    quirks: ['A 404 tells that none of the ids exists; times that are not set are null.'],
  }),

  tokens_update: patch('/installation-tokens/entities/tokens/v1', {
    tier: 'seed',
    scope: tokensWrite,
    summary: 'Relabels, re-dates, revokes or restores tokens.',
    alsoCalled: ['tokens-update'],
    query: { ids: list('ids of the tokens to change', { required: true }) },
    body: InstallationTokenChange,
    reply: resources(InstallationToken),
    failures: { 404: 'none of the ids is known' },
    quirks: ['revoked true revokes, false restores.'],
  }),

  tokens_create: post('/installation-tokens/entities/tokens/v1', {
    tier: 'seed',
    scope: tokensWrite,
    summary: 'Creates an installation token.',
    alsoCalled: ['tokens-create'],
    body: InstallationTokenRequest,
    status: 201,
    reply: resources(InstallationToken),
    failures: { 409: 'max_active_tokens tokens are valid already' },
    quirks: ['The good status is 201.', 'The year 1 as expires_timestamp means that there is no end.'],
  }),

  audit_events_query: get('/installation-tokens/queries/audit-events/v1', {
    tier: 'seed',
    scope: tokensRead,
    summary: 'Lists ids of audit events.',
    alsoCalled: ['audit-events-query'],
    query: {
      ...paging({ limit: 1000, default: 50 }),
      filter: fql(auditEventFields),
      sort: sortBy(auditEventFields),
    },
    reply: resources(Type.String()),
  }),

  tokens_query: get('/installation-tokens/queries/tokens/v1', {
    tier: 'seed',
    scope: tokensRead,
    summary: 'Lists ids of installation tokens.',
    alsoCalled: ['tokens-query'],
    query: {
      ...paging({ limit: 1000, default: 50 }),
      filter: fql(installationTokenFields),
      sort: sortBy(installationTokenFields),
    },
    reply: resources(Type.String()),
  }),
})
