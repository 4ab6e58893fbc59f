import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Caller } from '@lanner/contract'
import type { Secret } from '@lanner/oci'
import { type ClientRecord, findClientAtSignIn } from '../db/client.ts'
import type { Database } from '../db/database.ts'
import { findUserAtSignIn, type UserRecord } from '../db/user.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { passwordMatches } from '../secrets/password.ts'
import { record } from './audit.ts'
import { normalClientId } from './clients.ts'
import { remembered } from './remembered.ts'
import { RequestFault } from './request-fault.ts'
import { signInThrottle } from './sign-in-throttle.ts'
import type { Tokens } from './tokens.ts'

/** Who somebody is, by what he shows: for every room that signs people in. */
export interface Authenticator {
  /** A client id with its secret, or a local user with his password. Throws `too-many` for whoever guesses. */
  basic(user: string, password: Secret, address?: string): Promise<Caller | undefined>
  bearer(token: string): Promise<Caller | undefined>
}

export interface SignIn extends Authenticator {
  /** The client whose id and secret these are; undefined when they are nobody's. Throws `too-many`. */
  client(
    clientId: string,
    secret: Secret,
    address: string,
  ): Promise<
    { readonly cid: string; readonly clientId: string; readonly scopes: readonly string[] } | undefined
  >
  /** The client or the user was changed in this process: nothing remembered of them counts. */
  forget(name: string): void
}

/** Bounds on what sign-ins take and keep. */
const signInLimits = {
  /** Milliseconds after which a client or user is looked up again. */
  freshFor: 900,
  /** Clients and users that are remembered. */
  remembered: 5000,
  /** Passwords that wait to be checked: each check takes a core for a while. */
  waiting: 64,
  /** Milliseconds in which the same sign-in by Basic is told of once in the audit trail. */
  tellEvery: 600_000,
}

export function signIn(ports: {
  readonly database: Database
  readonly keyring: Keyring
  readonly tokens: Tokens
  readonly clock: () => number
  /** Every scope that some operation asks for: what an administrator may do. */
  readonly knownScopes: ReadonlySet<string>
}): SignIn {
  const { database, keyring, tokens, clock, knownScopes } = ports
  const throttle = signInThrottle()
  const rolesMay = {
    administrator: knownScopes,
    reader: new Set([...knownScopes].filter((scope) => scope.endsWith(':read'))),
  }
  const memory = { freshFor: signInLimits.freshFor, atMost: signInLimits.remembered, clock }
  const knownClients = remembered<ClientRecord>({
    ...memory,
    load: (clientId) => findClientAtSignIn(database, clientId),
  })
  const knownUsers = remembered<UserRecord>({
    ...memory,
    load: (username) => findUserAtSignIn(database, username),
  })
  const checkPassword = passwordChecker()
  const told = new Map<string, number>()

  /** Failures of names that exist are told of in their tenant's trail; of others there is no tenant to tell. */
  async function settle(
    name: string,
    address: string,
    right: boolean,
    cid: string | undefined,
    kind: 'client' | 'user' | 'token',
  ): Promise<void> {
    const now = clock()
    if (right) throttle.succeeded(name, address)
    else throttle.failed(name, address, now)
    if (cid === undefined || kind === 'token') return
    if (right && !isNews(told, `${cid} ${name} ${address}`, now)) return
    await record(
      database,
      cid,
      { action: 'sign_in', actor: name, address, outcome: right ? 'success' : 'refused', details: { kind } },
      now,
    )
  }

  function checkThrottle(name: string, address: string): void {
    const until = throttle.blockedUntil(name, address, clock())
    if (until !== undefined)
      throw new RequestFault('too-many', 'too many failed sign-ins; wait before you try again', {
        retryAt: until,
      })
  }

  async function findClient(clientId: string, secret: Secret, address: string, kind: 'client' | 'token') {
    const id = normalClientId(clientId).slice(0, 128)
    const client = await knownClients.get(id)
    // From here to the count nothing is waited for: guesses sent at the same time are all counted.
    checkThrottle(id, address)
    const right =
      keyring.matches('client-secret', secret.reveal(), client?.secretHash ?? '') &&
      client?.revokedAt === null
    if (right) await settle(id, address, true, client.cid, kind)
    else await settle(id, address, false, client?.cid, 'client')
    return right ? client : undefined
  }

  return {
    client: (clientId, secret, address) => findClient(clientId, secret, address, 'token'),
    async basic(user, password, address = '') {
      if (/^[0-9a-f]{32}$/i.test(user) || (await knownClients.get(user.slice(0, 128)))) {
        const client = await findClient(user, password, address, 'client')
        return client && { cid: client.cid, actor: client.clientId, scopes: new Set(client.scopes) }
      }
      const username = user.trim().toLowerCase().slice(0, 64)
      const known = await knownUsers.get(username)
      const right = await checkPassword(username, password, known, () => checkThrottle(username, address))
      const allowed = right && known !== undefined && known.disabledAt === null
      await settle(username, address, allowed, known?.cid, 'user')
      return allowed ? { cid: known.cid, actor: username, scopes: rolesMay[known.role] } : undefined
    },
    bearer: async (token) => tokens.find(token),
    forget(name) {
      knownClients.forget(({ clientId }) => clientId === name)
      knownUsers.forget(({ username }) => username === name)
    },
  }
}

function isNews(told: Map<string, number>, key: string, now: number): boolean {
  const before = told.get(key)
  if (before !== undefined && now - before < signInLimits.tellEvery) return false
  told.delete(key)
  if (told.size >= signInLimits.remembered) {
    const [oldest] = told.keys()
    if (oldest !== undefined) told.delete(oldest)
  }
  told.set(key, now)
  return true
}

/**
 * Checks passwords one after the other, so that guesses neither take all cores nor overtake the count of failures. A
 * password that was right is recognised again by a keyed hash in memory, as long as the stored one stays the same.
 */
function passwordChecker() {
  const key = randomBytes(32)
  const right = new Map<string, { readonly stored: string; readonly proof: Buffer }>()
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  return async (
    username: string,
    password: Secret,
    known: UserRecord | undefined,
    checkThrottle: () => void,
  ): Promise<boolean> => {
    const proof = createHmac('sha256', key).update(password.reveal()).digest()
    const before = right.get(username)
    if (before && before.stored === known?.passwordHash && timingSafeEqual(before.proof, proof)) return true
    if (waiting >= signInLimits.waiting)
      throw new RequestFault('unavailable', 'too many sign-ins are being checked; try again')
    waiting++
    const turn = last.then(async () => {
      checkThrottle()
      return passwordMatches(password, known?.passwordHash)
    })
    last = turn.catch(() => {})
    try {
      const matches = await turn
      if (matches && known) {
        if (right.size >= signInLimits.remembered) right.clear()
        right.set(username, { stored: known.passwordHash, proof })
      }
      return matches
    } finally {
      waiting--
    }
  }
}
