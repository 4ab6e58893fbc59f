import { Fault, parseDigest } from '@lanner/model'
import type { ResolvedImage } from '@lanner/oci'
import { Type } from 'typebox'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Database } from '../db/database.ts'
import { putImage, removeNamed, setUnreadable } from '../db/image.ts'
import { manifestContent } from '../db/manifest.ts'
import { storableText } from '../db/storable.ts'
import { type AssessPorts, type AssessProgress, assessNamed } from './assessment/assess-pushed.ts'
import type { Strike } from './job-queue.ts'
import { enqueue, jobType } from './job-type.ts'
import type { ManifestDeleted, ManifestPut } from './manifests.ts'
import { storedImageSource } from './stored-image-source.ts'

/** The assessment of what a name in our own registry stands for. */
export const assessPushedJob = jobType({
  name: 'assess-pushed',
  // `reference`: the tag, or the digest where there is none.
  payload: Type.Object({ repository: Type.String(), reference: Type.String(), digest: Type.String() }),
  key: ({ repository, reference }) => `${repository} ${reference}`,
  // Nobody asks again for an image that was pushed: it outlives many a worker.
  attempts: 12,
  priority: 'push',
})

/** Images that were pushed into our own registry, from their manifest to their assessment. */
export interface PushedImages {
  /** Notes the image and puts its assessment in, in the manifest's own transaction. */
  noted(put: ManifestPut): Promise<void>
  /** A tag or a manifest is gone, and the image under that name with it. */
  removed(deleted: ManifestDeleted): Promise<void>
  assess(
    cid: string,
    pushed: { readonly repository: string; readonly reference: string; readonly digest: string },
    signal: AbortSignal,
    onProgress: (progress: AssessProgress) => void,
    /** Of earlier runs: an image that ended the process that read it twice is not assessable. */
    strikes?: readonly Strike[],
  ): Promise<void>
  /** Its assessment failed for good: it is not assessable, and says why. */
  givenUp(cid: string, pushed: { readonly digest: string }, error: unknown): Promise<void>
}

/** Our own registry's name in image rows: none, since clients reach it under many. */
const ownRegistry = ''
const maxConfigBytes = 8 * 1024 * 1024
const imageTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

export function pushedImages(
  ports: AssessPorts & {
    readonly blobs: BlobStore
    /** Told when something else is known of a tenant's images. */
    readonly changed: (cid: string) => void
  },
): PushedImages {
  return {
    async noted({
      cid,
      repository,
      reference,
      digest,
      subject,
      artifactType,
      statements,
      actor,
      transaction,
    }) {
      // A signature or a bill of materials is no image, and neither is an artifact of another kind.
      if (subject !== undefined || (artifactType !== undefined && !imageTypes.has(artifactType))) return
      // Under a tag it is shown as what cannot be assessed: nothing that can be pulled by a name may be out of sight.
      if (statements && parseDigest(reference)) return
      await putImage(
        transaction,
        cid,
        {
          registry: ownRegistry,
          repository,
          tag: tagOf(reference),
          digest,
          imageUuid: crypto.randomUUID(),
          indexDigest: '',
          imageId: '',
          os: '',
          architecture: '',
          variant: '',
          source: 'push',
          ...(actor === undefined ? {} : { actor }),
        },
        ports.now(),
      )
      await enqueue(transaction, assessPushedJob, { repository, reference, digest }, { cid })
    },

    async removed({ cid, repository, reference, digest, transaction }) {
      const tag = tagOf(reference)
      await removeNamed(transaction, cid, {
        registry: ownRegistry,
        repository,
        ...(tag === '' ? { digest } : { tag }),
      })
    },

    async assess(cid, { repository, reference, digest }, signal, onProgress, strikes = []) {
      const source = storedImageSource(ports, { cid, repository, reference })
      const documents = {
        manifest: (image: ResolvedImage) => manifestText(ports.database, cid, repository, image),
        config: (image: ResolvedImage) => blobText(source, image),
      }
      const name = { registry: ownRegistry, repository, tag: tagOf(reference) }
      const givenUp = struckOut(strikes)
      const assignment = { cid, name, digest, source, documents, from: 'push' as const, givenUp }
      await assessNamed(assignment, ports, signal, onProgress)
      ports.changed(cid)
    },

    async givenUp(cid, { digest }, error) {
      // Only a fault's words are meant for others.
      const reason =
        error instanceof Fault ? error.message : 'reading it failed again and again; the log says why'
      await setUnreadable(ports.database, cid, digest, storableText(reason), ports.now())
      ports.changed(cid)
    },
  }
}

/** What was struck twice, with its last reason. */
function struckOut(strikes: readonly Strike[]): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  const once = new Set<string>()
  for (const { on, reason } of strikes) {
    if (once.has(on))
      reasons.set(on, `${reason}; it was tried twice, and is tried again when the image is pushed again`)
    once.add(on)
  }
  return reasons
}

function tagOf(reference: string): string {
  return parseDigest(reference) ? '' : reference
}

async function manifestText(
  database: Database,
  cid: string,
  repository: string,
  { manifestDigest }: ResolvedImage,
): Promise<string> {
  const row = await manifestContent(database, cid, repository, manifestDigest)
  return row ? row.content.toString('utf8') : '{}'
}

async function blobText(
  source: ReturnType<typeof storedImageSource>,
  { manifest }: ResolvedImage,
): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of source.blob(manifest.config)) {
    length += part.length
    if (length > maxConfigBytes) return '{}'
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
