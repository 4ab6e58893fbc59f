import { randomBytes } from 'node:crypto'
import { Secret } from '@lanner/oci'
import type { Database } from '../db/database.ts'
import {
  changeTokens,
  countValidTokens,
  deleteTokens,
  type IdPage,
  type IdQuery,
  type InstallationAuditRow,
  type InstallationSettings,
  type InstallationTokenRow,
  insertToken,
  insertTokenAudit,
  installationSettings,
  lockInstallationSettings,
  putInstallationSettings,
  queryTokenAudit,
  queryTokens,
  tokenAuditById,
  tokensById,
} from '../db/installation-token.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { RequestFault } from './request-fault.ts'

export type { InstallationSettings }

/** A token as its tenant reads it. */
export interface InstallationToken {
  readonly id: string
  readonly label: string
  readonly type: string
  readonly status: 'valid' | 'expired' | 'revoked'
  readonly value: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

export interface TokenChange {
  readonly label?: string
  /** null: never. */
  readonly expiresAt?: Date | null
  readonly revoked?: boolean
}

/** Tokens with which workers and sensors enrol. Every change is told in the audit trail, in its own transaction. */
export interface InstallationTokens {
  query(cid: string, query: IdQuery): Promise<IdPage>
  /** Throws `not-found` where none of the ids is known. */
  read(cid: string, ids: readonly string[]): Promise<readonly InstallationToken[]>
  /** Throws `conflict` when as many are valid as may be. */
  create(
    cid: string,
    actor: string,
    wanted: { readonly label: string; readonly type?: string; readonly expiresAt: Date | null },
  ): Promise<InstallationToken>
  update(
    cid: string,
    actor: string,
    ids: readonly string[],
    change: TokenChange,
  ): Promise<readonly InstallationToken[]>
  remove(cid: string, actor: string, ids: readonly string[]): Promise<number>
  queryAudit(cid: string, query: IdQuery): Promise<IdPage>
  readAudit(cid: string, ids: readonly string[]): Promise<readonly InstallationAuditRow[]>
  settings(cid: string): Promise<InstallationSettings>
  /** Throws `invalid` for a number of tokens below one. */
  changeSettings(
    cid: string,
    actor: string,
    change: { readonly tokensRequired?: boolean; readonly maxActiveTokens?: number },
  ): Promise<InstallationSettings>
}

const untouched: InstallationSettings = { tokens_required: false, max_active_tokens: null }
const maxLabel = 256
/** Milliseconds that settings are remembered: what another process changes is seen then. */
const remembered = 1_000

export function installationTokens(ports: {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
}): InstallationTokens {
  const { database, keyring, now } = ports
  const known = new Map<string, { readonly settings: InstallationSettings; readonly until: number }>()

  function tokenOf(cid: string, row: InstallationTokenRow): InstallationToken {
    const expired = row.expires_at !== null && row.expires_at <= now()
    return {
      id: row.token_id,
      label: row.label,
      type: row.type,
      status: row.revoked_at !== null ? 'revoked' : expired ? 'expired' : 'valid',
      value: keyring.open('installation-token', cid, row.sealed_value).reveal(),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
    }
  }

  function event(actor: string, tokenId: string, action: string, description: string): InstallationAuditRow {
    return { event_id: newId(), token_id: tokenId, action, actor, description, at: now() }
  }

  return {
    query: (cid, query) => queryTokens(database, cid, query, now()),

    async read(cid, ids) {
      const rows = await tokensById(database, cid, ids)
      if (rows.length === 0 && ids.length > 0) throw unknown(ids)
      return rows.map((row) => tokenOf(cid, row))
    },

    async create(cid, actor, { label, type = 'customer_managed', expiresAt }) {
      const value = new Secret(randomBytes(20).toString('hex').toUpperCase())
      const row: InstallationTokenRow = {
        token_id: newId(),
        label: checkedLabel(label),
        type,
        sealed_value: keyring.seal('installation-token', cid, value),
        created_at: now(),
        expires_at: expiresAt,
        last_used_at: null,
        revoked_at: null,
      }
      await inTransaction(database, async (transaction) => {
        const { max_active_tokens } = await lockInstallationSettings(transaction, cid)
        if (
          max_active_tokens !== null &&
          (await countValidTokens(transaction, cid, now())) >= max_active_tokens
        ) {
          throw new RequestFault(
            'conflict',
            `${max_active_tokens} tokens are valid, which is as many as max_active_tokens allows; revoke one or raise it`,
          )
        }
        await insertToken(transaction, cid, {
          ...row,
          value_hash: keyring.hash('installation-token', value.reveal()),
        })
        await insertTokenAudit(transaction, cid, [
          event(actor, row.token_id, 'token_create', `Token ${row.label || row.token_id} was created`),
        ])
      })
      return tokenOf(cid, row)
    },

    async update(cid, actor, ids, { label, expiresAt, revoked }) {
      const change = {
        ...(label === undefined ? {} : { label: checkedLabel(label) }),
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        ...(revoked === undefined ? {} : { revoked_at: revoked ? now() : null }),
      }
      if (Object.keys(change).length === 0)
        throw new RequestFault(
          'invalid',
          'the body changes nothing: give label, expires_timestamp or revoked',
        )
      const action = revoked === undefined ? 'token_update' : revoked ? 'token_revoke' : 'token_restore'
      const done = { token_update: 'changed', token_revoke: 'revoked', token_restore: 'restored' }[action]
      return inTransaction(database, async (transaction) => {
        const changed = await changeTokens(transaction, cid, ids, change)
        if (changed.length === 0) throw unknown(ids)
        await insertTokenAudit(
          transaction,
          cid,
          changed.map((id) => event(actor, id, action, `Token ${id} was ${done}`)),
        )
        return (await tokensById(transaction, cid, ids)).map((row) => tokenOf(cid, row))
      })
    },

    async remove(cid, actor, ids) {
      return inTransaction(database, async (transaction) => {
        const removed = await deleteTokens(transaction, cid, ids)
        if (removed.length === 0) throw unknown(ids)
        await insertTokenAudit(
          transaction,
          cid,
          removed.map(({ token_id, label }) =>
            event(actor, token_id, 'token_delete', `Token ${label || token_id} was deleted`),
          ),
        )
        return removed.length
      })
    },

    queryAudit: (cid, query) => queryTokenAudit(database, cid, query),
    readAudit: (cid, ids) => tokenAuditById(database, cid, ids),

    async settings(cid) {
      const kept = known.get(cid)
      const at = now().getTime()
      if (kept && kept.until > at) return kept.settings
      const settings = (await installationSettings(database, cid)) ?? untouched
      known.set(cid, { settings, until: at + remembered })
      return settings
    },

    async changeSettings(cid, actor, { tokensRequired, maxActiveTokens }) {
      if (maxActiveTokens !== undefined && (maxActiveTokens < 1 || !Number.isSafeInteger(maxActiveTokens)))
        throw new RequestFault('invalid', `max_active_tokens ${maxActiveTokens}: at least 1`)
      const settings = await inTransaction(database, async (transaction) => {
        const before = await lockInstallationSettings(transaction, cid)
        const after = {
          tokens_required: tokensRequired ?? before.tokens_required,
          max_active_tokens: maxActiveTokens ?? before.max_active_tokens,
        }
        await putInstallationSettings(transaction, cid, after)
        const words = `tokens_required ${after.tokens_required}, max_active_tokens ${after.max_active_tokens ?? 'unbounded'}`
        await insertTokenAudit(transaction, cid, [event(actor, '', 'settings_update', `Settings: ${words}`)])
        return after
      })
      known.delete(cid)
      return settings
    },
  }
}

/** 32 hex digits: clients refuse ids of another form. */
function newId(): string {
  return randomBytes(16).toString('hex')
}

function checkedLabel(label: string): string {
  if (label.length > maxLabel || label.includes('\0'))
    throw new RequestFault('invalid', `label: at most ${maxLabel} characters`)
  return label
}

function unknown(ids: readonly string[]): RequestFault {
  return new RequestFault('not-found', `no such token: ${ids.slice(0, 5).join(', ').slice(0, 200)}`)
}
