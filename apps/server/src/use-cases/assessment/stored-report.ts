import { inventoryReasons, reportOf, unmatched } from '@lanner/assessment/judgement'
import type { ImageInventory } from '@lanner/extractors'
import { type AdvisoryReader, distributionCoverage, suppression, worstFirst } from '@lanner/matching'
import type { Finding, FixState, Report } from '@lanner/model'
import type { Database } from '../../db/database.ts'
import { findingsOfSet, type SetFinding } from '../../db/finding.ts'
import { imageContent, type StoredContent } from '../../db/image-content.ts'
import { mapInTurns } from '../turns.ts'
import { cpsRatingOf, severityOfRank } from './finding-rows.ts'
import { inventoryOf } from './inventory-lines.ts'

/** Since when a finding, and a fix for it, are known here. */
export interface FindingHistory {
  readonly firstFound: Date
  /** Null while there is no fix. */
  readonly fixKnownSince: Date | null
}

/** An image's report as a scan would make it now, and since when each finding is known. */
export interface StoredReport {
  readonly report: Report
  readonly content: StoredContent
  /** By purl of the package and id of the vulnerability, with a line break between. */
  readonly history: ReadonlyMap<string, FindingHistory>
}

/** Undefined where nothing was read of this digest. No byte of the image is read. */
export async function storedReport(
  database: Database,
  digest: string,
  reference: string,
  advisories: AdvisoryReader | undefined,
  now: Date,
): Promise<StoredReport | undefined> {
  const content = await imageContent(database, digest)
  if (!content) return undefined
  const image = { ...content.facts, reference }
  if (content.inventory === null || content.set_id === null) {
    const report: Report = {
      reference,
      image,
      source: 'image',
      repositoryCpes: [],
      state: 'not_assessable',
      reasons: content.unread_reasons,
      packages: [],
      findings: [],
      assessedAt: content.read_at.toISOString(),
    }
    return { report, content, history: new Map() }
  }
  const inventory = await inventoryOf(content.inventory)
  const rows = await findingsOfSet(database, content.set_id)
  const findings = await findingsOf(rows, inventory)
  const result = advisories
    ? { findings, reasons: inventoryReasons(inventory, advisories, findings, now) }
    : { ...unmatched(inventory), findings }
  const subject = { reference, image, source: 'image' as const, inventory, empty: content.empty === true }
  return {
    report: reportOf(subject, result, advisories, now),
    content,
    history: new Map(
      await mapInTurns(rows, (row) => [
        `${row.purl}\n${row.vulnerability.id}`,
        { firstFound: row.first_found, fixKnownSince: row.fix_known_since },
      ]),
    ),
  }
}

async function findingsOf(rows: readonly SetFinding[], inventory: ImageInventory): Promise<Finding[]> {
  const { distribution, repositoryCpes } = inventory
  const coverage = distribution && distributionCoverage(distribution, repositoryCpes)
  const packages = new Map(inventory.packages.map((pack) => [pack.purl, pack]))
  return worstFirst(
    await mapInTurns(rows, (row) => {
      const pack = packages.get(row.purl)
      const suppressed = pack && suppression(pack, coverage)
      const finding: Finding = {
        vulnerability: row.vulnerability,
        package: row.purl,
        verdict: row.verdict,
        severity: severityOfRank(row.severity),
        ratings: row.ratings,
        fixState: row.fix_state as FixState,
        fixedVersions: row.fixed_versions,
        cpsRating: cpsRatingOf(row.cps_rating),
        evidence: row.evidence,
        ...(suppressed ? { suppressed } : {}),
      }
      return { finding, score: row.cvss_score ?? undefined }
    }),
  )
}
