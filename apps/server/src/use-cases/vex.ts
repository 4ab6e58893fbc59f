import { DocumentFault, readVex, type VexDocument } from '@lanner/documents'
import type { Database } from '../db/database.ts'
import { deleteExclusionUse } from '../db/exclusion-use.ts'
import { findPolicyExclusions, replacePolicyExclusions } from '../db/policy-exclusions.ts'
import {
  deleteVexStatements,
  findVexDocument,
  otherVexStatements,
  replaceVexDocument,
} from '../db/vex-document.ts'
import type { Actor } from './clients.ts'
import { changePolicies, type PolicyPorts } from './policy-change.ts'
import type { PolicyChecks } from './policy-checks.ts'
import type { StoredExclusion } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'
import { nextTurn } from './turns.ts'
import { claimsOf } from './vex-claims.ts'
import { type MatchedClaim, matchClaims } from './vex-estate.ts'
import { exportedVex, type VexExport, type VexSelection } from './vex-export.ts'
import { planVex, type VexPlan, type VexStatementOutcome, vexDocumentUuid } from './vex-plan.ts'

/** What became of a document. */
export interface VexImport {
  readonly document: {
    readonly id: string
    readonly format: VexDocument['format']
    readonly version: string
    readonly author: string
  }
  readonly statements: readonly VexStatementOutcome[]
  readonly created: readonly StoredExclusion[]
  /** Exclusions that are taken back or lose a part, as they were. */
  readonly withdrawn: readonly StoredExclusion[]
}

/** How a document is taken. */
export interface VexImportOptions {
  /** Writes nothing. */
  readonly dryRun: boolean
  /** Takes statements that match nothing here, too: for images to come. */
  readonly keepUnmatched: boolean
  /** What this server is called by: a repository there is one of images that were pushed here. */
  readonly host: string
}

/** Statements of others on vulnerabilities, and one's own. */
export interface Vex {
  /** Makes exclusions of what a document says to be not affected or fixed, in the place of its version before. */
  import(by: Actor, document: unknown, options: VexImportOptions): Promise<VexImport>
  /** What exclusions say, as OpenVEX. */
  export(cid: string, selection: VexSelection, host: string): Promise<VexExport>
}

export function vex(ports: PolicyPorts & { readonly checks: PolicyChecks; readonly version: string }): Vex {
  const { database, clock } = ports
  return {
    async import(by, raw, { dryRun, keepUnmatched, host }) {
      const document = read(raw)
      await nextTurn()
      const claims = claimsOf(document, clock())
      await nextTurn()
      const matched = await matchClaims(database, by.cid, claims.claims, host)
      const plan = async (inside: Database, now: Date) =>
        planVex({
          document,
          read: claims,
          matched,
          keepUnmatched,
          actor: by.actor,
          now,
          exclusions: (await findPolicyExclusions(inside, by.cid))?.conditions ?? [],
          before: await findVexDocument(inside, by.cid, vexDocumentUuid(document)),
          others: await otherVexStatements(
            inside,
            by.cid,
            vexDocumentUuid(document),
            vulnerabilitiesOf(matched),
          ),
        })
      const { outcomes, created, withdrawn } = dryRun
        ? await plan(database, new Date(clock()))
        : await changePolicies(ports, by, 'vex_import', async (inside, now) => {
            const planned = await plan(inside, now)
            await written(inside, by.cid, planned, now)
            const { created, withdrawn } = planned
            return { result: planned, subject: document.id, before: withdrawn, after: created }
          })
      const { id, format, version, author } = document
      return { document: { id, format, version, author }, statements: outcomes, created, withdrawn }
    },
    export: (cid, selection, host) => exportedVex(ports, cid, selection, host),
  }
}

function read(raw: unknown) {
  try {
    return readVex(raw)
  } catch (fault) {
    if (fault instanceof DocumentFault)
      throw new RequestFault(fault.code === 'limit-exceeded' ? 'too-large' : 'invalid', fault.message)
    throw fault
  }
}

function vulnerabilitiesOf(matched: readonly MatchedClaim[]): readonly string[] {
  const claims = matched.map((match) => ('reason' in match ? match.claim : match))
  return [...new Set(claims.flatMap(({ vulnerabilities }) => vulnerabilities))]
}

async function written(
  database: Database,
  cid: string,
  { document, exclusions, statements, ended, created, withdrawn }: VexPlan,
  now: Date,
): Promise<void> {
  if (!document) return
  await replaceVexDocument(database, cid, document, statements)
  if (ended.length > 0) await deleteVexStatements(database, cid, ended)
  const marked = exclusions.some(({ vex }) => vex?.document === document.id)
  if (marked || created.length > 0 || withdrawn.length > 0) {
    await replacePolicyExclusions(database, cid, exclusions, now)
    await deleteExclusionUse(
      database,
      cid,
      exclusions.map(({ id }) => id),
    )
  }
}
