import type { Handlers } from '@lanner/contract'
import type { clients } from '@lanner/contract/lanner'
import type { Static } from 'typebox'
import type { Client } from '../../use-cases/clients.ts'
import type { IdentityServices } from '../../use-cases/identity.ts'

type ClientBody = Static<(typeof clients)['operations']['ListClients']['reply']['schema']>

export const clientHandlers: Handlers<typeof clients, IdentityServices> = {
  async ListClients({ caller, query }, { clients }) {
    const page = await clients.list(caller.cid, query)
    return { resources: page.clients.map(clientBody), pagination: { ...query, total: page.total } }
  },

  async CreateClient({ caller, origin, body }, { clients }) {
    const { client, secret } = await clients.create({ ...caller, address: origin.address }, body)
    return { resources: [{ ...clientBody(client), client_secret: secret.reveal() }], affected: 1 }
  },

  async RevokeClient({ caller, origin, path }, { clients }) {
    const client = await clients.revoke({ ...caller, address: origin.address }, path['client_id'] ?? '')
    return { resources: [clientBody(client)], affected: 1 }
  },
}

function clientBody(client: Client): ClientBody {
  return {
    client_id: client.clientId,
    name: client.name,
    scopes: [...client.scopes],
    created_by: client.createdBy,
    created_at: client.createdAt.toISOString(),
    revoked_at: client.revokedAt?.toISOString() ?? null,
  }
}
