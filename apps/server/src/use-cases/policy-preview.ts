import { Fault } from '@lanner/model'
import type { Policy, PolicyRevision, Preview } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { policyRevision } from '../db/policy-revision.ts'
import { transaction } from '../db/transaction.ts'
import type { Actor } from './clients.ts'
import { type PolicyDocument, plannedSet } from './policy-document.ts'
import type { EstatePreviewAsked } from './policy-preview-estate.ts'
import { type PolicyEntity, type PolicyHoldings, readHoldings, type StoredExclusion } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'

/** What a document of policies would do. */
export interface PolicyPreviewResult extends Omit<Preview, 'exclusionsUnmatched'> {
  /** Of the policies that the document was held against. */
  readonly revision: number
  /** Exclusions, as they would be, that cover nothing; `isNew`: only the document has it. */
  readonly exclusionsUnmatched: readonly { readonly exclusion: StoredExclusion; readonly isNew: boolean }[]
  /** Milliseconds. */
  readonly took: number
}

export interface PolicyPreviews {
  /** Judges every image by the policies as they are and as the document would make them. Changes nothing. */
  of(
    by: Actor,
    document: PolicyDocument,
    options: { readonly flips: number; readonly signal: AbortSignal },
  ): Promise<PolicyPreviewResult>
}

/** Bounds of previews: how many are under way or wait at once, and how many milliseconds one may take. */
export const previewLimits = { ofTenant: 2, inAll: 8, time: 110_000 } as const

export function policyPreviews(ports: {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Judges all images of a tenant where that holds up nobody. */
  readonly judge: (asked: EstatePreviewAsked, signal: AbortSignal) => Promise<Preview>
}): PolicyPreviews {
  const { database, clock, judge } = ports
  const underWay: string[] = []
  return {
    async of(by, document, { flips, signal }) {
      const ofTenant = underWay.filter((cid) => cid === by.cid).length
      if (ofTenant >= previewLimits.ofTenant || underWay.length >= previewLimits.inAll)
        throw new RequestFault('too-many', 'other previews are under way; each takes some seconds', {
          retryAt: clock() + 5_000,
        })
      underWay.push(by.cid)
      const late = AbortSignal.timeout(previewLimits.time)
      const started = performance.now()
      try {
        const current = await holdings(database, by.cid)
        const now = new Date(clock())
        const planned = plannedSet(current, document, by, now)
        const asked = {
          cid: by.cid,
          before: toRevision(current),
          after: toRevision(planned),
          now: now.getTime(),
          most: flips,
        }
        const preview = await judge(asked, AbortSignal.any([signal, late]))
        const known = new Set(current.exclusions.map(({ id }) => id))
        return {
          ...preview,
          revision: current.revision,
          exclusionsUnmatched: preview.exclusionsUnmatched.flatMap((index) => {
            const exclusion = planned.exclusions[index]
            return exclusion ? [{ exclusion, isNew: !known.has(exclusion.id) }] : []
          }),
          took: Math.round(performance.now() - started),
        }
      } catch (error) {
        throw refused(error, signal, late)
      } finally {
        underWay.splice(underWay.indexOf(by.cid), 1)
      }
    },
  }
}

/** What stopped a preview, in words for whoever asked for it. */
function refused(error: unknown, signal: AbortSignal, late: AbortSignal): unknown {
  const unavailable = (message: string, cause?: unknown) =>
    new RequestFault('unavailable', message, cause === undefined ? {} : { cause })
  if (signal.aborted) return unavailable('the preview was given up: nobody waits for it')
  if (late.aborted)
    return unavailable(
      `the preview took longer than ${previewLimits.time / 1000} s and was given up; rules and exclusions on layers and paths take the longest`,
    )
  const code = error instanceof Fault ? error.code : undefined
  if (code === 'closed') return unavailable('the server is going down')
  if (code === 'out-of-memory')
    return unavailable('the preview needed more memory than it may have and was given up', error)
  return error
}

function holdings(database: Database, cid: string): Promise<PolicyHoldings> {
  return transaction(
    database,
    async (inside) => readHoldings(inside, cid, await policyRevision(inside, cid)),
    { isolation: 'repeatable read' },
  )
}

/** Only what verdicts rest on. */
function toRevision({
  policies,
  exclusions,
}: Pick<PolicyHoldings, 'policies' | 'exclusions'>): PolicyRevision {
  return { policies: policies.map(toPolicy), exclusions }
}

function toPolicy({ id, name, enabled, isDefault, rules, groups }: PolicyEntity): Policy {
  const bare = groups.map((group) => ({ id: group.id, name: group.name, conditions: group.conditions }))
  return { id, name, enabled, isDefault, rules, groups: bare }
}
