import { randomBytes } from 'node:crypto'
import type { Database } from '../db/database.ts'
import { findTenant, insertTenant, listTenants, type Tenant } from '../db/tenant.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { record } from './audit.ts'
import { readDisplayName } from './display-name.ts'

/** The installation's customers. */
export interface Tenants {
  create(name: string, actor: string): Promise<Tenant>
  find(cid: string): Promise<Tenant | undefined>
  /** All of them, the first one first: for work that the platform does by itself. */
  list(): Promise<readonly Tenant[]>
}

export function tenants(ports: { readonly database: Database; readonly clock: () => number }): Tenants {
  const { database, clock } = ports
  return {
    async create(given, actor) {
      const name = readDisplayName('a tenant', given)
      const cid = newCid()
      const now = clock()
      await inTransaction(database, async (transaction) => {
        await insertTenant(transaction, cid, name)
        await record(
          transaction,
          cid,
          { action: 'tenant_create', actor, subject: cid, details: { name } },
          now,
        )
      })
      return { cid, name, createdAt: new Date(now) }
    },
    find: (cid) => findTenant(database, cid),
    list: () => listTenants(database),
  }
}

/** 32 hex digits. */
export function newCid(): string {
  return randomBytes(16).toString('hex')
}
