import type { Handlers } from '@lanner/contract'
import type { audit } from '@lanner/contract/lanner'
import type { IdentityServices } from '../../use-cases/identity.ts'

export const auditHandlers: Handlers<typeof audit, IdentityServices> = {
  async ListAuditRecords({ caller, query }, { audit }) {
    const { records, total } = await audit.list(caller.cid, query)
    return {
      // The details of a record are written by the use cases, an object each.
      resources: records.map((record) => ({
        ...record,
        at: record.at.toISOString(),
        details: record.details as Record<string, unknown>,
      })),
      pagination: { limit: query.limit, offset: query.offset, total },
    }
  },
}
