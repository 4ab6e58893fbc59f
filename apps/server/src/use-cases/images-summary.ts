import type { StoredImage } from '../db/image.ts'
import { imagesNamed, imagesWithDigest } from '../db/image.ts'
import {
  type ContainerTimes,
  containerTimes,
  type DetectionCount,
  detectionCounts,
  type ImageSummaryRow,
  imageSummary,
  runtimeDetectionCounts,
  type SeverityCount,
} from '../db/image-summary.ts'
import type { ImagePorts } from './images-list.ts'
import { refuseUnassessed } from './reports.ts'
import { RequestFault } from './request-fault.ts'

/** The one image that a summary is asked for. */
export interface SummaryRequest {
  /** As the request has it: only the caller's own tenant is known. */
  readonly cid: string
  readonly registry?: string | undefined
  readonly repository: string
  readonly tag: string
  readonly digest?: string | undefined
  /** Whether vulnerabilities that come from a declared base image count. */
  readonly includeBase: boolean
}

export interface ImageIssues {
  /** Of the image that was found. */
  readonly digest: string
  readonly summary: ImageSummaryRow
  readonly detections: readonly DetectionCount[]
  readonly containers: ContainerTimes
  /** Of its containers. */
  readonly runtime: readonly SeverityCount[]
}

export interface ImageSummaries {
  /**
   * What was found in an image, counted. Throws RequestFault `not-found` for an image that is unknown, and, with state and
   * reason, for one that is pending or not assessable: it has no counts, and zeros would be wrong.
   */
  vulnerabilitySummary(cid: string, request: SummaryRequest): Promise<ImageSummaryRow>
  /** The same, with detections and containers. */
  issues(cid: string, request: SummaryRequest): Promise<ImageIssues>
}

export function imageSummaries({ database }: ImagePorts): ImageSummaries {
  async function find(cid: string, request: SummaryRequest): Promise<StoredImage> {
    const { registry, repository, tag, digest } = request
    const found = request.cid.toLowerCase() === cid ? await named() : []
    const image = found.find(({ os, architecture }) => os === 'linux' && architecture === 'amd64') ?? found[0]
    const name = `${registry ? `${registry}/` : ''}${repository}:${tag}`
    if (!image) throw new RequestFault('not-found', `image ${name}: unknown in this account`)
    refuseUnassessed(image)
    return image

    async function named(): Promise<readonly StoredImage[]> {
      const place = { ...(registry === undefined ? {} : { registry }), repository, tag }
      if (!digest) return imagesNamed(database, cid, place)
      const all = await imagesWithDigest(database, cid, { digest })
      return all.filter(
        (it) =>
          it.repository === repository &&
          it.tag === tag &&
          (registry === undefined || it.registry === registry),
      )
    }
  }

  return {
    async vulnerabilitySummary(cid, request) {
      const { content_digest } = await find(cid, request)
      return imageSummary(database, cid, content_digest, !request.includeBase)
    },
    async issues(cid, request) {
      const { digest, index_digest, content_digest, image_id } = await find(cid, request)
      const digests = [digest, index_digest].filter((it) => it !== '')
      const [summary, detections, containers, runtime] = await Promise.all([
        imageSummary(database, cid, content_digest, !request.includeBase),
        detectionCounts(database, content_digest),
        containerTimes(database, cid, digests),
        runtimeDetectionCounts(database, cid, image_id, digests),
      ])
      return { digest, summary, detections, containers, runtime }
    },
  }
}

export type { ImageSummaryRow }
