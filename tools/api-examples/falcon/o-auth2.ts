import { oAuth2 } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const oAuth2Examples = examplesOf(oAuth2, 'o-auth2', {
  oauth2AccessToken: ({ tenant }) => ({
    body: { client_id: tenant.clientId, client_secret: tenant.clientSecret },
  }),

  oauth2RevokeToken: async ({ estate, tenant }) => {
    const { cid, clientId } = tenant
    const { token } = await estate.composition.services.tokens.issue({ cid, clientId }, '127.0.0.1')
    return { basic: true, body: { token } }
  },
})
