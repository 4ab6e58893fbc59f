import {
  type DetectionSummary,
  detectionSummaries,
  type ExpandedImage,
  type Expansion,
  expandedImages,
  expandedTotal,
  type VulnerabilitySummary,
  vulnerabilitySummaries,
  vulnerablePackages,
} from '../db/image-export.ts'
import { imagePage, imageTotal, type ListedImage } from '../db/image-list.ts'
import {
  type ImagePorts,
  type ListPage,
  type ListRequest,
  pageOf,
  type RunningCounts,
  runningCounts,
  totalOf,
} from './images-list.ts'
import { selectionOf } from './images-selection.ts'

/** An image, or one vulnerability or detection of it, with what is not expanded in one. */
export interface ExportedImage {
  readonly image: ListedImage | ExpandedImage
  readonly containers: RunningCounts
  /** The one that the row is about; absent in a row about an image or a detection, or where there is none. */
  readonly vulnerability?: ExpandedImage
  readonly detection?: ExpandedImage
  /** All of the image, where vulnerabilities are not expanded. */
  readonly vulnerabilities?: VulnerabilitySummary
  readonly detections?: DetectionSummary
  /** With a vulnerability that counts. */
  readonly vulnerablePackages: number
}

export interface ImageExports {
  /**
   * Rows of an export. Expanded, `limit`, `offset` and the total count rows, not images; an image without vulnerabilities or
   * detections has one row all the same. With both expansions each has its own rows.
   */
  exported(cid: string, request: ListRequest, into: Expansion): Promise<ListPage<ExportedImage>>
}

export function imageExports({ database }: ImagePorts): ImageExports {
  return {
    async exported(cid, request, into) {
      const page = { ...selectionOf(request.filter), ...pageOf(request) }
      const expands = into.vulnerabilities || into.detections
      const rows: readonly (ListedImage | ExpandedImage)[] = expands
        ? await expandedImages(database, cid, page, into)
        : await imagePage(database, cid, page)
      const uuids = [...new Set(rows.map((row) => row.image_uuid))]
      const digests = [...new Set(rows.map((row) => row.content_digest))]
      const [total, containers, packages, vulnerabilities, detections] = await Promise.all([
        totalOf(request, rows.length, () =>
          expands ? expandedTotal(database, cid, page, into) : imageTotal(database, cid, page),
        ),
        runningCounts(database, cid, rows),
        vulnerablePackages(database, cid, uuids, page.withoutBase),
        into.vulnerabilities ? [] : vulnerabilitySummaries(database, cid, uuids, page.withoutBase),
        into.detections ? [] : detectionSummaries(database, digests),
      ])
      const ofImage = new Map(vulnerabilities.map((summary) => [summary.image_uuid, summary]))
      const ofDigest = new Map(detections.map((summary) => [summary.digest, summary]))
      return {
        total,
        rows: rows.map((image) => ({
          image,
          containers: containers(image),
          vulnerablePackages: packages.get(image.image_uuid) ?? 0,
          ...(aboutVulnerability(image) ? { vulnerability: image } : {}),
          ...(aboutDetection(image) ? { detection: image } : {}),
          ...optional('vulnerabilities', ofImage.get(image.image_uuid)),
          ...optional('detections', ofDigest.get(image.content_digest)),
        })),
      }
    },
  }
}

function aboutVulnerability(row: ListedImage | ExpandedImage): row is ExpandedImage {
  return 'vulnerability_id' in row && row.vulnerability_id !== null
}

function aboutDetection(row: ListedImage | ExpandedImage): row is ExpandedImage {
  return 'detection_name' in row && row.detection_name !== null
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [K in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: Value }
}
