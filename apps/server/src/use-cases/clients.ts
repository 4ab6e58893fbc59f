import { randomBytes, randomInt } from 'node:crypto'
import { Secret } from '@lanner/oci'
import { type ClientRecord, countClients, insertClient, listClients, revokeClient } from '../db/client.ts'
import type { Database } from '../db/database.ts'
import { deleteTokensOfClient } from '../db/token.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { record } from './audit.ts'
import { readDisplayName } from './display-name.ts'
import { RequestFault } from './request-fault.ts'

/** An API client as its tenant sees it: without its secret, which nobody has. */
export type Client = Omit<ClientRecord, 'secretHash'>

/** Who an act of administration is told of in the audit trail. */
export interface Actor {
  readonly cid: string
  readonly actor: string
  readonly address?: string
}

/** API clients of a tenant. */
export interface Clients {
  /** The secret is in this answer only. Without scopes: all that the creator may give. */
  create(
    by: Actor & { readonly scopes: ReadonlySet<string> },
    client: { readonly name: string; readonly scopes?: readonly string[] },
  ): Promise<{ readonly client: Client; readonly secret: Secret }>
  list(
    cid: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly clients: readonly Client[]; readonly total: number }>
  /** At once here, within a second in other processes. */
  revoke(by: Actor, clientId: string): Promise<Client>
}

export function clients(ports: {
  readonly database: Database
  readonly keyring: Keyring
  readonly clock: () => number
  /** Every scope that some operation asks for. */
  readonly knownScopes: ReadonlySet<string>
  /** Told after a client was revoked. */
  readonly revoked: (clientId: string) => void
}): Clients {
  const { database, keyring, clock, knownScopes } = ports
  return {
    async create(by, { name: given, scopes = [...by.scopes].sort() }) {
      const name = readDisplayName('a client', given)
      checkScopes(scopes, knownScopes, by.scopes)
      const now = clock()
      const clientId = newClientId()
      const secret = newClientSecret()
      const client = {
        clientId,
        name,
        scopes: [...new Set(scopes)].sort(),
        secretHash: keyring.hash('client-secret', secret.reveal()),
        createdBy: by.actor,
      }
      await inTransaction(database, async (transaction) => {
        await insertClient(transaction, by.cid, client, new Date(now))
        await record(
          transaction,
          by.cid,
          {
            action: 'client_create',
            ...whom(by),
            subject: clientId,
            details: { name: client.name, scopes: client.scopes },
          },
          now,
        )
      })
      return {
        client: visible({ ...client, cid: by.cid, createdAt: new Date(now), revokedAt: null }),
        secret,
      }
    },
    async list(cid, page) {
      const [rows, total] = await Promise.all([listClients(database, cid, page), countClients(database, cid)])
      return { clients: rows.map(visible), total }
    },
    async revoke(by, clientId) {
      const now = clock()
      const id = normalClientId(clientId)
      const client = await inTransaction(database, async (transaction) => {
        const revoked = await revokeClient(transaction, by.cid, id, new Date(now))
        if (!revoked)
          throw new RequestFault('not-found', `there is no client ${id.slice(0, 64)}`, {
            id: id.slice(0, 64),
          })
        await deleteTokensOfClient(transaction, by.cid, id)
        await record(transaction, by.cid, { action: 'client_revoke', ...whom(by), subject: id }, now)
        return revoked
      })
      ports.revoked(id)
      return visible(client)
    },
  }
}

export function whom({ actor, address }: Actor): { actor: string; address?: string } {
  return address === undefined ? { actor } : { actor, address }
}

function visible({ secretHash: _, ...client }: ClientRecord): Client {
  return client
}

function checkScopes(scopes: readonly string[], known: ReadonlySet<string>, held: ReadonlySet<string>): void {
  if (scopes.length === 0) throw new RequestFault('invalid', 'scopes: a client needs at least one scope')
  for (const scope of scopes) {
    if (!known.has(scope))
      throw new RequestFault(
        'invalid',
        `scopes: ${JSON.stringify(scope.slice(0, 80))} is not one of ${[...known].sort().join(', ')}`,
      )
    if (!held.has(scope))
      throw new RequestFault(
        'forbidden',
        `scopes: ${scope} cannot be given by a client that does not have it`,
      )
  }
}

/** 32 hex digits. */
export function newClientId(): string {
  return randomBytes(16).toString('hex')
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 40 word characters: 238 bits of chance. */
export function newClientSecret(): Secret {
  return new Secret(Array.from({ length: 40 }, () => letters[randomInt(letters.length)]).join(''))
}

/** Hex digits are the same in either case. */
export function normalClientId(clientId: string): string {
  return /^[0-9a-f]{32}$/i.test(clientId) ? clientId.toLowerCase() : clientId
}
