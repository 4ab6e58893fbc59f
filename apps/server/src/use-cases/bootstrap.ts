import { Secret } from '@lanner/oci'
import { clientsByKey, findClientAtSignIn, insertClient, replaceClient } from '../db/client.ts'
import type { Database } from '../db/database.ts'
import { insertTenant, listTenants } from '../db/tenant.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { insertUser, listUsers } from '../db/user.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { hashPassword, type PasswordCost } from '../secrets/password.ts'
import { SecretFault } from '../secrets/secret-fault.ts'
import { record } from './audit.ts'
import { newClientId, newClientSecret, normalClientId } from './clients.ts'
import { RequestFault } from './request-fault.ts'
import { newCid } from './tenants.ts'
import { newPassword } from './users.ts'

/** What the first start makes, and what is written down of it for its owner. */
export interface FirstCredentials {
  readonly cid: string
  readonly client_id: string
  readonly client_secret: string
  readonly username: string
  readonly password: string
}

/** The client that the settings give instead of a made-up one. */
export interface PresetClient {
  readonly clientId: string
  readonly clientSecret: Secret
}

/** Whether the first start is over: there is a tenant, and somebody who may sign in. */
export async function isSettled(database: Database): Promise<boolean> {
  const [tenant] = await listTenants(database)
  return tenant !== undefined && (await listUsers(database, tenant.cid, { limit: 1, offset: 0 })).length > 0
}

/**
 * Makes the first tenant, its administrator and a client with every scope, unless there is a tenant. The credentials are
 * kept first and stored after: a start that is interrupted between goes on with those that were kept. A preset client
 * is made, or gets the preset secret, at every start.
 *
 * Throws SecretFault `unknown-key` where no client could sign in because the master key is another, and none is preset.
 */
export async function bootstrap(
  ports: {
    readonly database: Database
    readonly keyring: Keyring
    readonly clock: () => number
    readonly knownScopes: ReadonlySet<string>
    readonly passwordCost?: PasswordCost
  },
  options: {
    readonly preset?: PresetClient
    /** What an earlier start kept, if anything. */
    readonly kept?: FirstCredentials
    /** Keeps the credentials for their owner; called before anything is stored. */
    readonly keep: (credentials: FirstCredentials) => Promise<void>
  },
): Promise<{
  readonly cid: string
  readonly first: boolean
  /** Clients that cannot sign in, because their secrets were kept under a master key that is not at hand. */
  readonly lockedOut: number
}> {
  const { database, keyring, clock, knownScopes } = ports
  const { preset, kept, keep } = options
  const [tenant] = await listTenants(database)
  if (tenant && (await isSettled(database))) {
    const lockedOut = await clientsLockedOut()
    const owned = kept?.cid === tenant.cid ? kept : undefined
    if (preset) await putClient(database, tenant.cid, preset)
    else if (owned) await widenClient(tenant.cid, owned.client_id)
    if (preset && owned)
      await keep({
        ...owned,
        client_id: normalClientId(preset.clientId),
        client_secret: preset.clientSecret.reveal(),
      })
    return { cid: tenant.cid, first: false, lockedOut }
  }

  const credentials: FirstCredentials = {
    cid: tenant?.cid ?? kept?.cid ?? newCid(),
    client_id: preset ? normalClientId(preset.clientId) : (kept?.client_id ?? newClientId()),
    client_secret: preset?.clientSecret.reveal() ?? kept?.client_secret ?? newClientSecret().reveal(),
    username: kept?.username ?? 'admin',
    password: kept?.password ?? newPassword().reveal(),
  }
  await keep(credentials)
  const passwordHash = await hashPassword(new Secret(credentials.password), ports.passwordCost)
  const now = clock()
  await inTransaction(database, async (transaction) => {
    const { cid, username } = credentials
    await insertTenant(transaction, cid, 'First tenant')
    await insertUser(transaction, cid, { username, role: 'administrator', passwordHash }, new Date(now))
    await putClient(transaction, cid, {
      clientId: credentials.client_id,
      clientSecret: new Secret(credentials.client_secret),
    })
    const by = { actor: 'first start', subject: cid }
    await record(transaction, cid, { action: 'tenant_create', ...by }, now)
  })
  return { cid: credentials.cid, first: true, lockedOut: 0 }

  async function clientsLockedOut(): Promise<number> {
    const known = await clientsByKey(database)
    const strange = known.filter(({ key }) => !keyring.knows(key))
    const [first] = strange
    if (first && strange.length === known.length && !preset)
      throw new SecretFault(
        'unknown-key',
        `the master key is not the one of this database: its clients were made with the key ${first.key}; give that one (LANNER_MASTER_KEY, or master.key in the data directory)`,
      )
    return strange.reduce((sum, { clients }) => sum + clients, 0)
  }

  /** A newer version knows more scopes, and the first client has every one. */
  async function widenClient(cid: string, clientId: string): Promise<void> {
    const known = await findClientAtSignIn(database, clientId)
    const scopes = [...knownScopes].sort()
    if (known?.cid !== cid || known.revokedAt !== null || known.scopes.join() === scopes.join()) return
    await replaceClient(database, cid, { clientId, scopes, secretHash: known.secretHash })
  }

  async function putClient(where: Database, cid: string, client: PresetClient): Promise<void> {
    const clientId = normalClientId(client.clientId)
    const known = await findClientAtSignIn(where, clientId)
    if (known && known.cid !== cid)
      throw new RequestFault('conflict', `the preset client ${clientId} belongs to another tenant`)
    const secret = client.clientSecret.reveal()
    const scopes = [...knownScopes].sort()
    if (
      known?.revokedAt === null &&
      keyring.matches('client-secret', secret, known.secretHash) &&
      known.scopes.join() === scopes.join()
    )
      return
    const secretHash = keyring.hash('client-secret', secret)
    const at = clock()
    if (known) await replaceClient(where, cid, { clientId, scopes, secretHash })
    else
      await insertClient(
        where,
        cid,
        { clientId, name: 'first client', scopes, secretHash, createdBy: 'first start' },
        new Date(at),
      )
    await record(where, cid, { action: 'client_create', actor: 'first start', subject: clientId }, at)
  }
}
