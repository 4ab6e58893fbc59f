import type { AdvisoryReader } from '@lanner/matching'
import type { ImageFacts } from '@lanner/model'
import { fixedSince, type ImagePolicyFacts, type PolicyFinding } from '@lanner/policy'
import {
  baseImageLayers,
  type CheckedImageRow,
  checkedImages,
  checkedImagesByDigest,
} from '../db/checked-image.ts'
import type { Database } from '../db/database.ts'
import { detectionsOf, type StoredDetection } from '../db/detection.ts'
import { leadingCvss } from './assessment/finding-rows.ts'
import { type StoredReport, storedReport } from './assessment/stored-report.ts'
import type { CheckedImage, CheckedReference, ImageFactsReader } from './policy-checks.ts'
import { detectionOf, distributionOf, packageOf, runsAsRoot } from './policy-fact-parts.ts'

/** Reads what policies ask of images from the assessment store. */
export function policyFacts(ports: {
  readonly database: Database
  readonly advisories: () => AdvisoryReader | undefined
  readonly now: () => Date
}): ImageFactsReader {
  const { database, advisories, now } = ports
  return {
    async find(cid, reference) {
      const { digest } = reference
      const rows =
        digest === undefined
          ? await checkedImages(database, cid, reference)
          : underNames(await checkedImagesByDigest(database, cid, { ...reference, digest }), reference.tag)
      const named = chosenFirst(rows, reference)
      const [first] = named
      if (!first) return { state: 'unknown', reason: unknownReason(rows, reference) }
      // An index answers with the worst of its platforms: one that cannot be answered for speaks for all.
      const open = named.find(({ state }) => state === 'pending' || state === 'not_assessable')
      if (open)
        return {
          state: open.state as 'pending' | 'not_assessable',
          reason: open.state_reason,
          image: checkedImage(open),
        }
      return { state: 'assessed', images: [checkedImage(first), ...named.slice(1).map(checkedImage)] }
    },

    async facts(cid, image) {
      const stored = await storedReport(database, image.contentDigest, image.digest, advisories(), now())
      if (!stored) return undefined
      const bases = await baseImageLayers(database, cid)
      const detections = await detectionsOf(database, image.contentDigest)
      return factsOf(image, stored, bases, detections)
    },
  }
}

/**
 * A digest says which image it is, and the tag beside it only under which of its names. One that every tag has left is still
 * there for who runs it: under no tag.
 */
function underNames(rows: readonly CheckedImageRow[], tag: string): readonly CheckedImageRow[] {
  const current = rows.filter((row) => row.superseded_at === null)
  const tagged = tag === '' ? [] : current.filter((row) => row.tag === tag)
  if (tagged.length > 0) return tagged
  if (current.length > 0) return current
  const left = new Map(rows.map((row) => [`${row.registry}\n${row.digest}`, row]))
  return [...left.values()].map((row) => ({ ...row, tag: '' }))
}

function unknownReason(rows: readonly CheckedImageRow[], { architecture, digest }: CheckedReference): string {
  if (rows.length > 0)
    return `it has no image for ${architecture}, only for ${[...new Set(rows.map((row) => row.architecture))].join(', ')}`
  return `nothing was pushed or discovered under that ${digest === undefined ? 'name' : 'name and digest'}`
}

/** Only the architecture that was asked for; else all, linux/amd64 before the rest. */
function chosenFirst(
  rows: readonly CheckedImageRow[],
  { architecture }: CheckedReference,
): readonly CheckedImageRow[] {
  const wanted = architecture === undefined ? rows : rows.filter((row) => row.architecture === architecture)
  const usual = (row: CheckedImageRow): number => (row.os === 'linux' && row.architecture === 'amd64' ? 0 : 1)
  return [...wanted].sort((a, b) => usual(a) - usual(b))
}

function checkedImage(row: CheckedImageRow): CheckedImage {
  const {
    registry,
    repository,
    tag,
    digest,
    content_digest,
    image_id,
    set_id,
    findings_revision,
    detections,
    state,
  } = row
  return {
    registry,
    repository,
    tag,
    digest,
    contentDigest: content_digest,
    indexDigest: row.index_digest,
    imageId: image_id,
    architecture: row.architecture,
    state,
    reason: row.state_reason,
    revision: [set_id, findings_revision, detections, state, row.assessed_at?.getTime()].join(' '),
  }
}

function factsOf(
  image: CheckedImage,
  { report, content: { config }, history }: StoredReport,
  bases: readonly (readonly string[])[],
  detections: readonly StoredDetection[],
): ImagePolicyFacts {
  const facts = report.image
  const { distribution } = report
  const baseLayers = longestBase(facts, bases)
  const index = new Map(report.packages.map((pack, place) => [pack.purl, place]))
  const root = runsAsRoot(config)
  return {
    registry: image.registry,
    repository: image.repository,
    tag: image.tag,
    digest: image.digest,
    // Of this name: what is kept of the content is as the first who had it saw it.
    ...(image.indexDigest === '' ? {} : { indexDigest: image.indexDigest }),
    ...distributionOf(distribution),
    ...(facts ? { architecture: facts.platform.architecture } : {}),
    ...(facts?.created ? { created: facts.created } : {}),
    assessment: report.state,
    ...(root === undefined ? {} : { runsAsRoot: root }),
    packages: report.packages.map((pack) => packageOf(pack, baseLayers)),
    findings: report.findings.flatMap((finding): PolicyFinding[] => {
      const place = index.get(finding.package)
      if (finding.suppressed || place === undefined) return []
      const { vulnerability } = finding
      const score = leadingCvss(vulnerability)?.score
      const known = history.get(`${finding.package}\n${finding.vulnerability.id}`)
      const since = fixedSince(finding, known?.fixKnownSince)
      return [
        {
          vulnerability: vulnerability.id,
          aliases: vulnerability.aliases,
          package: place,
          verdict: finding.verdict,
          severity: finding.severity,
          ...(score === undefined ? {} : { cvssScore: score }),
          cpsRating: finding.cpsRating,
          ...(vulnerability.epss ? { epss: vulnerability.epss.score } : {}),
          exploited: vulnerability.exploited !== undefined,
          fixAvailable: finding.fixedVersions.length > 0,
          ...(finding.fixedVersions.length > 0 ? { fixedVersions: finding.fixedVersions } : {}),
          ...(since ? { fixedSince: since } : {}),
          ...(vulnerability.published ? { published: vulnerability.published } : {}),
        },
      ]
    }),
    detections: detections.map(detectionOf),
  }
}

/** How many layers the longest declared base has that this image begins with. */
function longestBase(facts: ImageFacts | undefined, bases: readonly (readonly string[])[]): number {
  const own = facts?.layers.map(({ diffId }) => diffId) ?? []
  const within = bases.filter(
    (base) => base.length <= own.length && base.every((diffId, at) => own[at] === diffId),
  )
  return Math.max(0, ...within.map((base) => base.length))
}
