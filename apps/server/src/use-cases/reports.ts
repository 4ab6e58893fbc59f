import { cpus } from 'node:os'
import type { AdvisoryReader } from '@lanner/matching'
import type { Database } from '../db/database.ts'
import { detectionsOf, type StoredDetection } from '../db/detection.ts'
import { imagesNamed, imagesWithDigest, imageWithUuid, removeImages, type StoredImage } from '../db/image.ts'
import { reportVersion } from '../db/report-version.ts'
import { type StoredReport, storedReport } from './assessment/stored-report.ts'
import { RequestFault } from './request-fault.ts'
import { Turnstile } from './turnstile.ts'
import { writtenReports } from './written-reports.ts'

/** How an image is asked for; digest and image id win over the name. */
export interface WantedImage {
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  readonly digest?: string
  readonly imageId?: string
  readonly architecture?: string
}

/** An assessed image with all that is known of it. */
export interface ImageReport extends StoredReport {
  readonly image: StoredImage
  readonly detections: readonly StoredDetection[]
}

export interface Reports {
  /**
   * The report of the image that is asked for. Throws RequestFault `invalid` where nothing is asked for, and `not-found` with
   * state and reason where the image is unknown, pending or not assessable: there is no report then, and never an empty one.
   */
  of(cid: string, wanted: WantedImage): Promise<ImageReport>
  /**
   * The same as `write` makes bytes of it for the caller, which are kept: asked for again, they are sent again until something
   * that the report is made of changes.
   */
  written(
    caller: { readonly cid: string; readonly actor: string },
    wanted: WantedImage,
    write: (report: ImageReport) => Promise<Uint8Array>,
  ): Promise<Uint8Array>
  /** The same by the id of the scan. */
  ofScan(cid: string, scan: string): Promise<ImageReport>
  /** The one image that is meant, whatever its state; for an index that of linux/amd64, else of its first platform. */
  find(cid: string, wanted: WantedImage): Promise<StoredImage>
  /** Forgets images by image id or digest; gives how many. Throws `not-found` where there is none. */
  forget(cid: string, imageId: string): Promise<number>
}

export function reports(ports: {
  readonly database: Database
  readonly advisories: () => AdvisoryReader | undefined
  readonly now: () => Date
}): Reports {
  const { database } = ports
  // A report is a megabyte or two while it is made; many at once would cost memory and gain nothing.
  const turnstile = new Turnstile(Math.max(2, cpus().length))

  const sent = writtenReports(() => ports.now().getTime())

  async function find(cid: string, wanted: WantedImage): Promise<StoredImage> {
    const found = await candidates(database, cid, wanted)
    const image = choose(found, wanted.architecture)
    if (image) return image
    throw new RequestFault(
      'not-found',
      `image ${named(wanted)}: unknown; nothing was pushed or discovered under that name`,
    )
  }

  async function report(image: StoredImage): Promise<ImageReport> {
    refuseUnassessed(image)
    const name = image.tag === '' ? `${image.repository}@${image.digest}` : `${image.repository}:${image.tag}`
    const reference = image.registry === '' ? name : `${image.registry}/${name}`
    return turnstile.pass(async () => {
      const stored = await storedReport(
        database,
        image.content_digest,
        reference,
        ports.advisories(),
        ports.now(),
      )
      if (!stored) throw new RequestFault('not-found', `image ${name}: pending; its layers are being read`)
      if (stored.report.state === 'not_assessable')
        throw notAssessable(image, stored.report.reasons[0]?.message ?? '')
      return { ...stored, image, detections: await detectionsOf(database, image.content_digest) }
    })
  }

  return {
    find,
    async of(cid, wanted) {
      return report(await find(cid, wanted))
    },
    async written({ cid, actor }, wanted, write) {
      const image = await find(cid, wanted)
      const now = await reportVersion(database, image.content_digest)
      const make = async () => write(await report(image))
      if (!now?.settled) return make()
      const key = JSON.stringify([cid, actor, image.image_uuid])
      // The row of the image is part of the report, and so is the revision that is open here.
      const version = JSON.stringify([now.version, ports.advisories()?.revision, image])
      return sent.get(key, version) ?? sent.make(key, version, make)
    },
    async ofScan(cid, scan) {
      const image = isUuid(scan) ? await imageWithUuid(database, cid, scan) : undefined
      if (!image) throw new RequestFault('not-found', `scan ${scan}: unknown`)
      return report(image)
    },
    async forget(cid, imageId) {
      const removed = await removeImages(database, cid, imageId)
      if (removed === 0) throw new RequestFault('not-found', `image ${imageId}: unknown`, { id: imageId })
      return removed
    },
  }
}

async function candidates(
  database: Database,
  cid: string,
  wanted: WantedImage,
): Promise<readonly StoredImage[]> {
  const { registry, repository, tag, digest, imageId } = wanted
  if (digest || imageId) {
    return imagesWithDigest(database, cid, {
      ...(digest ? { digest } : {}),
      ...(imageId ? { imageId: bareDigest(imageId) } : {}),
    })
  }
  if (!repository || !tag) {
    throw new RequestFault(
      'invalid',
      'give repository and tag, or image_id and digest: the parameters name no image',
    )
  }
  return imagesNamed(database, cid, { ...(registry === undefined ? {} : { registry }), repository, tag })
}

/** The architecture that was asked for, else linux/amd64, else the first by digest. */
function choose(images: readonly StoredImage[], architecture: string | undefined): StoredImage | undefined {
  if (architecture !== undefined) return images.find((image) => image.architecture === architecture)
  return images.find((image) => image.os === 'linux' && image.architecture === 'amd64') ?? images[0]
}

/** Throws for an image that there is no report of; the message has its state and the reason. */
export function refuseUnassessed(image: StoredImage): void {
  if (image.state === 'pending') {
    throw new RequestFault('not-found', `image ${nameOf(image)}: pending; ${image.state_reason}`)
  }
  if (image.state === 'not_assessable') throw notAssessable(image, image.state_reason)
}

function notAssessable(image: StoredImage, reason: string): RequestFault {
  return new RequestFault('not-found', `image ${nameOf(image)}: not_assessable; ${reason}`)
}

function nameOf({ registry, repository, tag, digest }: StoredImage): string {
  const name = tag === '' ? `${repository}@${digest}` : `${repository}:${tag}`
  return registry === '' ? name : `${registry}/${name}`
}

function named({ registry, repository, tag, digest, imageId }: WantedImage): string {
  if (digest || imageId) return digest ?? `with id ${imageId}`
  return `${registry ? `${registry}/` : ''}${repository}:${tag}`
}

/** Image ids go without their algorithm; digests of manifests keep it. */
function bareDigest(id: string): string {
  return id.startsWith('sha256:') && id.length === 71 ? id.slice(7) : id
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
