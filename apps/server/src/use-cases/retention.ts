import { removeAssessmentsBefore } from '../db/assessment-history.ts'
import { removeAuditEventsBefore } from '../db/audit.ts'
import type { Database } from '../db/database.ts'
import { removeInstallationAuditBefore } from '../db/installation-token.ts'
import { removeEndedJobsBefore } from '../db/job-history.ts'
import { listTenants } from '../db/tenant.ts'

/** Days that records of the past are kept; 0: for ever. */
export interface Retention {
  /** The audit trails: of administration, and of installation tokens. */
  readonly auditDays: number
  /** How the assessments of images ended. */
  readonly assessmentDays: number
  /** Jobs that have ended. */
  readonly jobDays: number
}

/** Records that were forgotten. */
export interface ForgottenRecords {
  readonly audited: number
  readonly assessments: number
  readonly jobs: number
}

const batch = 10_000
const day = 86_400_000

/** Forgets what is older than it is kept. */
export async function forgetOld(
  { database, now }: { readonly database: Database; readonly now: Date },
  { auditDays, assessmentDays, jobDays }: Retention,
  signal?: AbortSignal,
): Promise<ForgottenRecords> {
  async function inBatches(days: number, remove: (before: Date) => Promise<number>): Promise<number> {
    if (days === 0) return 0
    const before = new Date(now.getTime() - days * day)
    for (let total = 0; ; ) {
      signal?.throwIfAborted()
      const removed = await remove(before)
      total += removed
      if (removed < batch) return total
    }
  }

  let audited = 0
  let assessments = 0
  for (const { cid } of await listTenants(database)) {
    audited += await inBatches(auditDays, (before) => removeAuditEventsBefore(database, cid, before, batch))
    audited += await inBatches(auditDays, (before) =>
      removeInstallationAuditBefore(database, cid, before, batch),
    )
    assessments += await inBatches(assessmentDays, (before) =>
      removeAssessmentsBefore(database, cid, before, batch),
    )
  }
  const jobs = await inBatches(jobDays, (before) => removeEndedJobsBefore(database, before, batch))
  return { audited, assessments, jobs }
}
