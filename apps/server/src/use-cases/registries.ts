import { createHash } from 'node:crypto'
import { Secret } from '@lanner/oci'
import type { Database } from '../db/database.ts'
import {
  deleteRegistryConnections,
  insertRegistryConnection,
  type RegistryConnectionRow,
  registryConnectionIds,
  registryConnections,
  updateRegistryConnection,
} from '../db/registry-connection.ts'
import { storableJson } from '../db/storable.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { record } from './audit.ts'
import { checkCredential, credentialMembers, shownPart } from './registry-credential.ts'
import { RequestFault } from './request-fault.ts'

export type { RegistryConnectionRow }

export interface NewRegistry {
  readonly type: string
  readonly url: string
  /** As it was sent, on whichever level. */
  readonly credential: unknown
  readonly uniquenessKey?: string
  readonly alias?: string
}

export interface RegistryUpdate {
  readonly credential?: unknown
  readonly alias?: string
  readonly state?: 'pause' | 'resume'
}

/** Registries that a tenant connected. Secrets go in and never come out. */
export interface Registries {
  ids(
    cid: string,
    page: {
      readonly sort: readonly { readonly field: string; readonly descending: boolean }[]
      readonly limit: number
      readonly offset: number
    },
  ): Promise<{ readonly ids: readonly string[]; readonly total: number }>
  /** Throws `not-found` where none of the ids is known. */
  read(cid: string, ids: readonly string[]): Promise<readonly RegistryConnectionRow[]>
  /** Throws `invalid` that names what is missing or wrong, `conflict` for a url and key that are connected. */
  connect(cid: string, actor: string, wanted: NewRegistry): Promise<RegistryConnectionRow>
  /** An absent or empty credential leaves what is stored. Throws `invalid`, `not-found`. */
  update(cid: string, actor: string, id: string, change: RegistryUpdate): Promise<RegistryConnectionRow>
  remove(cid: string, actor: string, ids: readonly string[]): Promise<readonly RegistryConnectionRow[]>
}

/** Seconds between two searches of a registry. */
const refreshInterval = 14_400
const maxText = 512

export function registries(ports: {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
}): Registries {
  const { database, keyring, now } = ports

  async function one(where: Database, cid: string, id: string): Promise<RegistryConnectionRow> {
    const [row] = isUuid(id) ? await registryConnections(where, cid, [id]) : []
    if (!row) throw unknown([id])
    return row
  }

  return {
    ids: (cid, page) => registryConnectionIds(database, cid, page),

    async read(cid, ids) {
      const rows = await registryConnections(database, cid, ids.filter(isUuid))
      if (rows.length === 0) throw unknown(ids)
      return rows
    },

    async connect(cid, actor, { type, url, credential, uniquenessKey, alias = '' }) {
      const members = checkCredential(type, credentialMembers(credential))
      const address = checkedUrl(url)
      const at = now()
      const id = crypto.randomUUID()
      return inTransaction(database, async (transaction) => {
        const added = await insertRegistryConnection(transaction, cid, {
          registry_id: id,
          type,
          url: address,
          url_uniqueness_alias: checkedText('url_uniqueness_key', uniquenessKey || aliasOf(address)),
          user_defined_alias: checkedText('user_defined_alias', alias),
          state: 'pending',
          state_changed_at: at,
          created_at: at,
          updated_at: at,
          last_refreshed_at: null,
          next_refresh_at: null,
          refresh_interval: refreshInterval,
          credential_id: crypto.randomUUID(),
          sealed_credential: keyring.seal('registry-credential', cid, new Secret(JSON.stringify(members))),
          shown_credential: storableJson(shownPart(members)),
          credential_created_at: at,
          credential_updated_at: at,
          credential_expired_at: null,
        })
        if (!added)
          throw new RequestFault(
            'conflict',
            `${address} is connected already${uniquenessKey ? ` under the key ${uniquenessKey}` : '; a url_uniqueness_key tells connections apart'}`,
          )
        await record(transaction, cid, { action: 'registry_create', actor, subject: id }, at.getTime())
        return one(transaction, cid, id)
      })
    },

    async update(cid, actor, id, { credential, alias, state }) {
      const at = now()
      return inTransaction(database, async (transaction) => {
        const row = await one(transaction, cid, id)
        const members = credentialMembers(credential)
        const paused = row.state === 'paused'
        const next = state === 'pause' ? 'paused' : state === 'resume' && paused ? 'pending' : row.state
        await updateRegistryConnection(transaction, cid, row.registry_id, {
          updated_at: at,
          ...(alias === undefined ? {} : { user_defined_alias: checkedText('user_defined_alias', alias) }),
          ...(next === row.state ? {} : { state: next, state_changed_at: at }),
          ...(members === undefined
            ? {}
            : {
                sealed_credential: keyring.seal(
                  'registry-credential',
                  cid,
                  new Secret(JSON.stringify(checkCredential(row.type, members))),
                ),
                shown_credential: storableJson(shownPart(members)),
                credential_updated_at: at,
                credential_expired_at: null,
              }),
        })
        await record(
          transaction,
          cid,
          { action: 'registry_update', actor, subject: row.registry_id },
          at.getTime(),
        )
        return one(transaction, cid, row.registry_id)
      })
    },

    async remove(cid, actor, ids) {
      return inTransaction(database, async (transaction) => {
        const removed = await deleteRegistryConnections(transaction, cid, ids.filter(isUuid))
        if (removed.length === 0) throw unknown(ids)
        for (const { registry_id: subject } of removed)
          await record(transaction, cid, { action: 'registry_delete', actor, subject }, now().getTime())
        return removed
      })
    },
  }
}

/** One connection of a url unless keys tell them apart: the same url gives the same alias. */
function aliasOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 32)
}

/** With its scheme, lower-case host, and without a slash at the end. */
function checkedUrl(given: string): string {
  const text = given.trim()
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  if (text === '' || text.length > maxText || !parsed || !/^https?:$/.test(parsed.protocol))
    throw new RequestFault(
      'invalid',
      `url ${given.slice(0, 80)}: not the http or https address of a registry`,
    )
  if (parsed.username !== '' || parsed.password !== '')
    throw new RequestFault('invalid', 'url: credentials belong into credential, not into the address')
  if (parsed.search !== '' || parsed.hash !== '')
    throw new RequestFault(
      'invalid',
      'url: neither a query nor a fragment belongs to the address of a registry',
    )
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`
}

function checkedText(name: string, text: string): string {
  if (text.length > maxText || text.includes('\0'))
    throw new RequestFault('invalid', `${name}: at most ${maxText} characters`)
  return text
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

function unknown(ids: readonly string[]): RequestFault {
  return new RequestFault('not-found', `no such registry: ${ids.slice(0, 5).join(', ').slice(0, 200)}`)
}
