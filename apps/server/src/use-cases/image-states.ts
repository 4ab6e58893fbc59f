import { explainFinding } from '@lanner/assessment/explain'
import type { AdvisoryReader } from '@lanner/matching'
import { type AdvisoryEvidence, isDigest, type Package } from '@lanner/model'
import type { Database } from '../db/database.ts'
import { imagesWithDigest, type StoredImage } from '../db/image.ts'
import { inventoryOf } from './assessment/inventory-lines.ts'
import { storedReport } from './assessment/stored-report.ts'
import type { Reports } from './reports.ts'
import { RequestFault } from './request-fault.ts'

/** How far an image is, under all its names. */
export interface ImageStanding {
  readonly images: readonly [StoredImage, ...StoredImage[]]
  /** Those whose name still stands for it: a tag may have moved on. */
  readonly names: readonly StoredImage[]
  readonly reasons: readonly string[]
  readonly advisories: string | undefined
}

/** One package that a vulnerability was looked for in, with every advisory's word on it. */
export interface ExplainedFinding {
  readonly package: Package
  readonly severity: string
  readonly ratedBy: string
  readonly aliases: readonly string[]
  readonly verdict: AdvisoryEvidence['verdict']
  readonly fixedVersions: readonly string[]
  readonly evidence: readonly AdvisoryEvidence[]
  readonly layers: readonly { readonly digest: string; readonly createdBy: string }[]
  readonly summary: string
}

/** What the vendor has no words for about one image. */
export interface ImageStates {
  /** Throws `not-found` for an image that is not the tenant's. */
  state(cid: string, digest: string): Promise<ImageStanding>
  /**
   * Why an image has a vulnerability. Throws `not-found` for an image that is unknown or not assessed, and for one that does
   * not have it: then with the reason.
   */
  why(
    cid: string,
    digest: string,
    vulnerability: string,
    options: { readonly package?: string; readonly limit: number },
  ): Promise<readonly ExplainedFinding[]>
}

export function imageStates(ports: {
  readonly database: Database
  readonly reports: Reports
  readonly advisories: () => AdvisoryReader | undefined
  readonly now: () => Date
}): ImageStates {
  const { database, reports, advisories, now } = ports
  return {
    async state(cid, digest) {
      const [first, ...rest] = isDigest(digest) ? await imagesWithDigest(database, cid, { digest }) : []
      if (!first) throw new RequestFault('not-found', `image ${digest.slice(0, 80)}: unknown`)
      const images = [first, ...rest] as const
      const names = images.filter((image) => image.superseded_at === null)
      if (first.state === 'pending')
        return { images, names, reasons: [first.state_reason], advisories: undefined }
      const stored = await storedReport(database, first.content_digest, first.digest, advisories(), now())
      if (!stored) {
        const why = first.state_reason === '' ? [] : [first.state_reason]
        return { images, names, reasons: why, advisories: undefined }
      }
      const reasons = stored.report.reasons.filter((reason) => !reason.informational)
      return {
        images,
        names,
        reasons: reasons.map(({ message }) => message),
        advisories: stored.report.advisories?.revision,
      }
    },

    async why(cid, digest, vulnerability, { package: wanted, limit }) {
      const { report, content } = await reports.of(cid, { digest })
      const reader = advisories()
      if (!reader || content.inventory === null)
        throw new RequestFault('not-found', `image ${digest}: not_assessable; there are no advisories to ask`)
      const inventory = await inventoryOf(content.inventory)
      const packages = new Map(inventory.packages.map((pack) => [pack.purl, pack]))
      const { explanation, lines } = explainFinding(vulnerability, report, reader)
      const summary = lines.join(' ')
      const layers = report.image?.layers.map(({ digest: layer, createdBy }) => ({
        digest: layer,
        createdBy: createdBy ?? '',
      }))
      const findings = report.findings.filter(
        ({ vulnerability: { id, aliases } }) => id === vulnerability || aliases.includes(vulnerability),
      )
      const explained = findings.flatMap((finding): ExplainedFinding[] => {
        const pack = packages.get(finding.package)
        if (!pack || (wanted !== undefined && pack.name !== wanted)) return []
        const words = explanation.packages.filter((each) => each.package === finding.package)
        return [
          {
            package: pack,
            severity: finding.severity,
            ratedBy: finding.ratings[0]?.source ?? 'nobody',
            aliases: finding.vulnerability.aliases,
            verdict: finding.verdict,
            fixedVersions: finding.fixedVersions,
            evidence: words.length > 0 ? words.map(({ evidence }) => evidence) : finding.evidence,
            layers: layers ?? [],
            summary: finding.suppressed?.explanation ?? summary,
          },
        ]
      })
      if (explained.length === 0)
        throw new RequestFault('not-found', summary, { id: vulnerability.slice(0, 80) })
      return explained.slice(0, limit)
    },
  }
}
