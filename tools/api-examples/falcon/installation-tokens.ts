import { installationTokens as tokens } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const installationTokensExamples = examplesOf(tokens, 'installation-tokens', {
  audit_events_read: async ({ ask }) => {
    const ids = await ask(tokens, 'audit_events_query', { query: { filter: "action:'token_create'" } })
    return { query: { ids } }
  },
  customer_settings_read: () => ({}),
  customer_settings_update: () => ({ body: { max_active_tokens: 20, tokens_required: true } }),
  tokens_delete: async ({ ask }) => {
    const [{ id }] = await ask(tokens, 'tokens_create', { body: { label: 'gone soon' } })
    return { query: { ids: [id] } }
  },
  tokens_read: ({ held }) => ({ query: { ids: [held.tokenId] } }),
  tokens_update: ({ held }) => ({ query: { ids: [held.tokenId] }, body: { revoked: true } }),
  tokens_create: () => ({ body: { label: 'build machines', expires_timestamp: '2031-01-01T00:00:00Z' } }),
  audit_events_query: () => ({ query: { filter: "action:'token_revoke'", sort: 'timestamp.desc' } }),
  tokens_query: () => ({ query: { filter: "status:'valid'", sort: 'created_timestamp.desc', limit: 2 } }),
})
