import { hash, randomBytes } from 'node:crypto'
import type { Caller } from '@lanner/contract'
import type { Database } from '../db/database.ts'
import { deleteExpiredTokens, deleteToken, findTokenHolder, insertToken } from '../db/token.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { auditEvent, record } from './audit.ts'
import { remembered } from './remembered.ts'

/** Bearer tokens: opaque, known only by their SHA-256. */
export interface Tokens {
  issue(client: { readonly cid: string; readonly clientId: string }, address: string): Promise<IssuedToken>
  /** Whose token it is, if it is anybody's; at once where it was asked within the last second. */
  find(token: string): Caller | undefined | Promise<Caller | undefined>
  /**
   * Ends a token from now on. One that is nobody's is no failure, as RFC 7009 section 2.2 has it; neither
   * is one of another client where the asking one is known (section 2.1): it stays.
   */
  revoke(token: string, address: string, asking?: { readonly clientId: string }): Promise<void>
  /** Its tokens are looked up again: the client was changed. */
  forgetClient(clientId: string): void
}

export interface IssuedToken {
  readonly token: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Seconds that a token lives, as clients of the dialect expect. */
export const tokenLifetime = 1799

/** Bounds on what is remembered. */
const tokenLimits = {
  /** Milliseconds after which the database is asked again: so long, at most, another process's revocation goes unseen. */
  freshFor: 900,
  /** Tokens remembered in memory. */
  remembered: 20_000,
  /** Milliseconds between sweeps of tokens that ran out. */
  sweepEvery: 60_000,
}

interface Holder extends Caller {
  readonly expiresAt: number
}

export function tokens(ports: { readonly database: Database; readonly clock: () => number }): Tokens {
  const { database, clock } = ports
  let sweptAt = clock()

  const holders = remembered<Holder>({
    freshFor: tokenLimits.freshFor,
    atMost: tokenLimits.remembered,
    clock,
    async load(key) {
      const row = await findTokenHolder(database, Buffer.from(key, 'base64'), new Date(clock()))
      return (
        row && {
          cid: row.cid,
          actor: row.clientId,
          scopes: new Set(row.scopes),
          expiresAt: row.expiresAt.getTime(),
        }
      )
    },
  })

  function alive(holder: Holder | undefined): Caller | undefined {
    return holder && holder.expiresAt > clock() ? holder : undefined
  }

  return {
    async issue(client, address) {
      const now = clock()
      const token = randomBytes(32).toString('base64url')
      await insertToken(
        database,
        client.cid,
        {
          hash: Buffer.from(keyOf(token), 'base64'),
          clientId: client.clientId,
          issuedAt: new Date(now),
          // A second more than is told: clients count from when the answer reaches them.
          expiresAt: new Date(now + (tokenLifetime + 1) * 1000),
        },
        auditEvent({ action: 'token_issue', actor: client.clientId, address }, now),
      )
      if (now - sweptAt > tokenLimits.sweepEvery) {
        sweptAt = now
        await deleteExpiredTokens(database, new Date(now), 10_000)
      }
      return { token, expiresIn: tokenLifetime }
    },
    find(token) {
      // Ours have 43 characters.
      if (token.length > 128) return undefined
      const holder = holders.get(keyOf(token))
      return holder instanceof Promise ? holder.then(alive) : alive(holder)
    },
    async revoke(token, address, asking) {
      const key = keyOf(token)
      const bytes = Buffer.from(key, 'base64')
      const now = clock()
      const holder = await findTokenHolder(database, bytes, new Date(now))
      if (holder && asking && holder.clientId !== asking.clientId) return
      if (holder) {
        await inTransaction(database, async (transaction) => {
          await deleteToken(transaction, holder.cid, bytes)
          await record(
            transaction,
            holder.cid,
            { action: 'token_revoke', actor: holder.clientId, address },
            now,
          )
        })
      }
      holders.forget((_, remembered) => remembered === key)
    },
    forgetClient(clientId) {
      holders.forget(({ actor }) => actor === clientId)
    },
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64')
}
