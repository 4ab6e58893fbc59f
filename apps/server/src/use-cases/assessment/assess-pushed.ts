import { extractorRevision } from '@lanner/assessment'
import { Fault } from '@lanner/model'
import type { ImageSource, ResolvedImage } from '@lanner/oci'
import { noteAssessments } from '../../db/assessment-history.ts'
import type { Database } from '../../db/database.ts'
import {
  applyContent,
  type ImageName,
  putImage,
  removeImage,
  removeUntagged,
  removeUntaggedTwins,
  setUnreadable,
  supersedeImages,
} from '../../db/image.ts'
import { contentsRead } from '../../db/image-content.ts'
import { storableText } from '../../db/storable.ts'
import type { ImageReader, ReadingProgress } from './image-reader.ts'
import { type RecordPorts, recordImage } from './record.ts'

/** An image as its source gives it, with its documents as published. */
export interface SourceDocuments {
  manifest(image: ResolvedImage): Promise<string>
  config(image: ResolvedImage): Promise<string>
}

export interface AssessPorts extends RecordPorts {
  readonly reader: ImageReader
}

/** What is to be assessed, for whom and under which name. */
export interface Assignment {
  readonly cid: string
  readonly name: ImageName
  /** Of the manifest or index that the name stands for. */
  readonly digest: string
  readonly source: ImageSource
  readonly documents: SourceDocuments
  readonly from: 'push' | 'registry' | 'cli'
  /** Images that are not tried any more, by the digest of their manifest, and why. */
  readonly givenUp?: ReadonlyMap<string, string>
}

export interface AssessProgress extends ReadingProgress {
  readonly images: number
  readonly imagesDone: number
}

/**
 * Assesses what a name stands for: every image of an index, or the one of a manifest. What was read before by the same
 * extractors is not read again, whoever had it. An image that cannot be read is `not_assessable` and says why; a failure
 * that may pass is thrown.
 */
export async function assessNamed(
  assignment: Assignment,
  ports: AssessPorts,
  signal: AbortSignal,
  onProgress: (progress: AssessProgress) => void = () => {},
): Promise<void> {
  const { cid, digest, source, givenUp } = assignment
  const { database } = ports
  // The images of an index are assessed by names of their own as well: statements on the same rows may get in each other's way.
  const inside = ports.transaction
  const resolution = await source.resolve(signal).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.retryable) throw error
    return error
  })
  if (resolution instanceof Fault) {
    await noteUnreadable(assignment, ports, resolution.message)
    return
  }
  const { images, others } = resolution
  if (images.length === 0) {
    if (others.length === 0 || others.every(({ code }) => code === 'not-an-image')) {
      // An artifact that is no image: nobody asks whether it may run.
      await inside((database) => removeImage(database, cid, assignment.name, digest))
      return
    }
    await noteUnreadable(assignment, ports, others[0].message)
    return
  }
  await ports.transaction((transaction) => noteImages(transaction, assignment, images, ports.now()))
  const known = await contentsRead(
    database,
    images.map(({ manifestDigest }) => manifestDigest),
    extractorRevision(),
  )
  let imagesDone = 0
  for (const image of images) {
    signal.throwIfAborted()
    const reason = givenUp?.get(image.manifestDigest)
    if (known.has(image.manifestDigest))
      await inside((database) => applyContent(database, image.manifestDigest, ports.now()))
    else if (reason !== undefined)
      // Of this tenant's image alone: others, and whoever pushes it again, try for themselves.
      await inside((database) =>
        setUnreadable(database, cid, image.manifestDigest, storableText(reason), ports.now()),
      )
    else {
      await assessOne(assignment, image, ports, signal, (progress) =>
        onProgress({ ...progress, images: images.length, imagesDone }),
      )
    }
    await noteAssessments(database, cid, assignment.name, [image.manifestDigest], ports.now())
    imagesDone++
  }
  const { registry, repository } = assignment.name
  const digests = images.map(({ manifestDigest }) => manifestDigest)
  await inside((database) => removeUntaggedTwins(database, cid, registry, repository, digests))
}

async function noteUnreadable(
  { cid, name, digest }: Assignment,
  { database, transaction, now }: AssessPorts,
  reason: string,
): Promise<void> {
  await transaction((inside) => setUnreadable(inside, cid, digest, storableText(reason), now()))
  await noteAssessments(database, cid, name, [digest], now())
}

/** The rows of all that the name stands for, and of nothing else. */
async function noteImages(
  transaction: Database,
  { cid, name, digest, from }: Assignment,
  images: readonly ResolvedImage[],
  now: Date,
): Promise<void> {
  for (const { manifestDigest, indexDigest, manifest, config } of images) {
    await putImage(
      transaction,
      cid,
      {
        ...name,
        imageUuid: crypto.randomUUID(),
        digest: manifestDigest,
        indexDigest: indexDigest ?? '',
        imageId: manifest.config.digest.slice(manifest.config.digest.indexOf(':') + 1),
        os: storableText(config.os),
        architecture: storableText(config.architecture),
        variant: storableText(config.variant ?? ''),
        source: from,
      },
      now,
    )
  }
  const digests = images.map(({ manifestDigest }) => manifestDigest)
  if (!digests.some((own) => own === digest)) await removeImage(transaction, cid, name, digest)
  if (name.tag === '') return
  await supersedeImages(transaction, cid, name, digests, now)
  await removeUntagged(transaction, cid, name.registry, name.repository, [...digests, digest])
}

async function assessOne(
  { source, documents }: Assignment,
  image: ResolvedImage,
  ports: AssessPorts,
  signal: AbortSignal,
  onProgress: (progress: ReadingProgress) => void,
): Promise<void> {
  const texts = { manifest: await documents.manifest(image), config: await documents.config(image) }
  const read = await ports.reader.read(source, image, { signal, onProgress })
  signal.throwIfAborted()
  await recordImage({ ...read, documents: texts }, ports)
}
