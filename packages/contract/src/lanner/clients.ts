import { Type } from 'typebox'
import { collection, del, get, post } from '../define.ts'
import { nullable, paging, record, resources, time } from '../parts.ts'
import { clientsRead, clientsWrite } from './scopes.ts'

const client = {
  client_id: Type.String({ description: '32 hex digits' }),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  created_by: Type.String({ description: 'client id or user name' }),
  created_at: time(),
  revoked_at: nullable(time()),
}

const Client = record('Client', client)

const NewClient = record('NewClient', {
  ...client,
  client_secret: Type.String({ description: '40 word characters; shown this once' }),
})

const ClientRequest = record('ClientRequest', {
  name: Type.String({ minLength: 1, maxLength: 256 }),
  scopes: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 100,
      description: 'none named: all that the caller has; never more than those',
    }),
  ),
})

/** API clients of the account. */
export const clients = collection('lanner', 'Clients', {
  ListClients: get('/lanner/v1/clients', {
    tier: 'own',
    scope: clientsRead,
    summary: 'API clients, without their secrets.',
    query: paging({ limit: 1000 }),
    reply: resources(Client),
  }),

  CreateClient: post('/lanner/v1/clients', {
    tier: 'own',
    scope: clientsWrite,
    summary: 'Creates an API client and shows its secret once.',
    body: ClientRequest,
    status: 201,
    reply: resources(NewClient),
    failures: { 400: 'a scope is not known, or the caller does not have it' },
  }),

  RevokeClient: del('/lanner/v1/clients/{client_id}', {
    tier: 'own',
    scope: clientsWrite,
    summary: 'Revokes an API client: its tokens end at once.',
    path: { client_id: 'client id' },
    reply: resources(Client),
    failures: { 404: 'no such client in this account' },
  }),
})
