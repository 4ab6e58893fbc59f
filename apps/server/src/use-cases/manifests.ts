import { createHash } from 'node:crypto'
import { type Digest, digestAlgorithm, parseDigest } from '@lanner/model'
import type { Descriptor } from '@lanner/oci'
import { touchBlobLinks } from '../db/blob-link.ts'
import { changeUsage, lockUsage } from '../db/blob-usage.ts'
import type { Database } from '../db/database.ts'
import {
  addManifest,
  manifestContent,
  manifestHead,
  manifestSizes,
  type ReferrerRow,
  referrerRows,
  removeManifest,
} from '../db/manifest.ts'
import { addManifestBlobs, removeManifestBlobs } from '../db/manifest-blob.ts'
import { addRepository, repositoryExists } from '../db/repository.ts'
import { removeTag, removeTagsOf, setTag, tagDigest } from '../db/tag.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import { nameUnknown } from './blobs.ts'
import { ContentFault, type Place } from './content-fault.ts'
import { maxManifestBytes, type PushedDocument, readPushedDocument } from './manifest-document.ts'

/** A manifest that was put, once for each tag, or once by its digest. */
export interface ManifestPut extends Place {
  /** Tag or digest, as it was put. */
  readonly reference: string
  readonly digest: Digest
  readonly mediaType: string
  /** Of a referrer (a signature, an SBOM): what it is about. */
  readonly subject?: Digest
  /** Of an image: its config's media type. */
  readonly artifactType?: string
  /** It has statements about an image in the place of layers. */
  readonly statements: boolean
  /** Who put it. */
  readonly actor?: string
  /** What is written with it commits with the manifest, or not at all. It may run again: no effects elsewhere. */
  readonly transaction: Database
}

/** A tag or a manifest that is gone. */
export interface ManifestDeleted extends Place {
  readonly reference: string
  readonly digest: Digest
  readonly transaction: Database
}

/** A manifest as it was pushed. */
export interface StoredManifest {
  readonly digest: Digest
  readonly mediaType: string
  readonly content: Buffer
}

export interface PushedManifest {
  readonly content: Buffer
  readonly mediaType?: string
  /** Tags to set when it is put by its digest. */
  readonly tags?: readonly string[]
  /** Its digest, where it is put by a tag and the client says it. */
  readonly digest?: Digest
  /** Who puts it, as the audit trail names people. */
  readonly actor?: string
}

/** A part of the referrers of a manifest. */
export interface Referrers {
  readonly descriptors: readonly Descriptor[]
  /** Digest of the last, if more come after it. */
  readonly next?: Digest
}

/** Manifests and indexes of repositories, by tag or digest. Throws `ContentFault`. */
export interface Manifests {
  /** Keeps a manifest; what it refers to must be in the repository, but for its subject. */
  put(
    place: Place,
    reference: string,
    manifest: PushedManifest,
  ): Promise<{
    readonly digest: Digest
    readonly subject?: Digest
    /** Of the document and of what it needs. */
    readonly bytes: number
  }>
  get(place: Place, reference: string): Promise<StoredManifest>
  head(
    place: Place,
    reference: string,
  ): Promise<{ readonly digest: Digest; readonly mediaType: string; readonly size: number }>
  /** By digest: the manifest with every tag that points to it. By tag: the tag alone. */
  delete(place: Place, reference: string): Promise<void>
  referrers(
    place: Place,
    subject: Digest,
    page: { readonly artifactType?: string; readonly last?: Digest },
  ): Promise<Referrers>
}

export interface ManifestPorts {
  readonly database: Database
  readonly clock: () => number
  readonly quota: (cid: string) => Promise<number | undefined>
  /** Told in the transaction of each manifest or tag that is put; the assessment is enqueued there. */
  readonly onManifest: (put: ManifestPut) => Promise<void>
  readonly onDeleted: (deleted: ManifestDeleted) => Promise<void>
}

/** Rows read for a page of referrers, and bytes that it may have: clients read manifests of at least 4 MB. */
const referrersInPage = 500
const referrersBytes = 3_500_000

export function manifests(ports: ManifestPorts): Manifests {
  const { database } = ports
  const now = (): Date => new Date(ports.clock())

  async function unknown(place: Place, reference: string): Promise<ContentFault> {
    if (!(await repositoryExists(database, place.cid, place.repository))) return nameUnknown(place)
    return new ContentFault('manifest-unknown', `${place.repository} has no manifest ${reference}`, {
      detail: { reference },
    })
  }

  async function digestOf(place: Place, reference: string): Promise<Digest> {
    const digest =
      parseDigest(reference) ?? (await tagDigest(database, place.cid, place.repository, reference))
    if (digest === undefined) throw await unknown(place, reference)
    return digest as Digest
  }

  return {
    async put(place, reference, pushed) {
      const { content } = pushed
      if (content.length > maxManifestBytes) {
        throw new ContentFault('manifest-too-large', `a manifest has at most ${maxManifestBytes} bytes`)
      }
      const named = parseDigest(reference)
      const claimed = named ?? pushed.digest
      const digest = contentDigest(content, claimed ? digestAlgorithm(claimed) : 'sha256')
      if (claimed && claimed !== digest) {
        throw new ContentFault('digest-invalid', `the manifest was to be ${claimed}, but is ${digest}`, {
          detail: { digest: claimed },
        })
      }
      const document = readPushedDocument(content, pushed.mediaType)
      const tags = named ? (pushed.tags ?? []) : [reference]
      await inTransaction(database, (transaction) =>
        keep(transaction, place, { digest, content, document, tags, actor: pushed.actor }),
      )
      const bytes = document.blobs.reduce((sum, { size }) => sum + size, content.length)
      return { digest, bytes, ...(document.subject ? { subject: document.subject.digest } : {}) }
    },

    async get(place, reference) {
      const digest = await digestOf(place, reference)
      const row = await manifestContent(database, place.cid, place.repository, digest)
      if (!row) throw await unknown(place, reference)
      return { digest, mediaType: row.media_type, content: row.content }
    },

    async head(place, reference) {
      const digest = await digestOf(place, reference)
      const row = await manifestHead(database, place.cid, place.repository, digest)
      if (!row) throw await unknown(place, reference)
      return { digest, mediaType: row.media_type, size: row.size }
    },

    async delete(place, reference) {
      const digest = parseDigest(reference)
      const gone = await inTransaction(database, (transaction) =>
        digest ? removeByDigest(transaction, place, digest) : removeByTag(transaction, place, reference),
      )
      if (!gone) throw await unknown(place, reference)
    },

    async referrers(place, subject, { artifactType, last }) {
      const rows = await referrerRows(database, place.cid, place.repository, subject, {
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(last === undefined ? {} : { last }),
        limit: referrersInPage + 1,
      })
      return referrersPage(rows)
    },
  }

  async function keep(
    transaction: Database,
    place: Place,
    manifest: {
      digest: Digest
      content: Buffer
      document: PushedDocument
      tags: readonly string[]
      actor: string | undefined
    },
  ): Promise<void> {
    const { cid, repository } = place
    const { digest, content, document, tags, actor } = manifest
    const at = now()
    const used = await lockUsage(transaction, cid)
    const blobs = await requireContent(transaction, place, document, at)
    await addRepository(transaction, cid, repository, at)
    const subject = document.subject?.digest
    const added = await addManifest(
      transaction,
      cid,
      repository,
      {
        digest,
        mediaType: document.mediaType,
        content,
        subject: subject ?? null,
        artifactType: document.artifactType ?? null,
        annotations: document.annotations ?? null,
      },
      at,
    )
    if (added) {
      const quota = await ports.quota(cid)
      if (quota !== undefined && used + content.length > quota) {
        throw new ContentFault('over-quota', `the quota of ${quota} bytes is used up`, { detail: { quota } })
      }
      await changeUsage(transaction, cid, content.length)
      await addManifestBlobs(transaction, cid, repository, digest, blobs)
    }
    const { mediaType, artifactType, statements } = document
    for (const tag of tags) await setTag(transaction, cid, repository, tag, digest, at)
    for (const reference of tags.length > 0 ? tags : [digest]) {
      await ports.onManifest({
        ...place,
        reference,
        digest,
        mediaType,
        statements,
        ...(subject ? { subject } : {}),
        ...(artifactType ? { artifactType } : {}),
        ...(actor === undefined ? {} : { actor }),
        transaction,
      })
    }
  }

  async function removeByDigest(transaction: Database, place: Place, digest: Digest): Promise<boolean> {
    const { cid, repository } = place
    await lockUsage(transaction, cid)
    const removed = await removeManifest(transaction, cid, repository, digest)
    if (!removed) return false
    await removeManifestBlobs(transaction, cid, repository, digest)
    await changeUsage(transaction, cid, -removed.size)
    const tags = await removeTagsOf(transaction, cid, repository, digest)
    for (const reference of [...tags, digest]) {
      await ports.onDeleted({ ...place, reference, digest, transaction })
    }
    return true
  }

  async function removeByTag(transaction: Database, place: Place, tag: string): Promise<boolean> {
    await lockUsage(transaction, place.cid)
    const digest = await removeTag(transaction, place.cid, place.repository, tag)
    if (digest === undefined) return false
    await ports.onDeleted({ ...place, reference: tag, digest: digest as Digest, transaction })
    return true
  }
}

/**
 * Makes sure that the repository has what a manifest refers to, with the sizes that it says, and keeps it from being
 * collected. Returns the blobs that the manifest needs.
 */
async function requireContent(
  transaction: Database,
  place: Place,
  document: PushedDocument,
  now: Date,
): Promise<readonly string[]> {
  const { cid, repository } = place
  const children = document.children.map((child) => child.digest)
  const known = await manifestSizes(transaction, cid, repository, children)
  // An index may list blobs, too: BuildKit keeps its cache so.
  const wanted = [...document.blobs, ...document.children.filter((child) => !known.has(child.digest))]
  const digests = [...new Set(wanted.map((part) => part.digest))]
  const linked = await touchBlobLinks(transaction, cid, repository, digests, now)
  for (const part of [...document.blobs, ...document.children]) {
    const size = linked.get(part.digest) ?? known.get(part.digest)
    if (size === undefined) {
      throw new ContentFault(
        'manifest-blob-unknown',
        `the manifest refers to ${part.digest}, which ${repository} does not have; push that first`,
        { detail: { digest: part.digest } },
      )
    }
    if (size !== part.size) {
      throw new ContentFault(
        'size-invalid',
        `the manifest says that ${part.digest} has ${part.size} bytes, but it has ${size}`,
        { detail: { digest: part.digest } },
      )
    }
  }
  return digests
}

function referrersPage(rows: readonly ReferrerRow[]): Referrers {
  const descriptors: Descriptor[] = []
  let bytes = 0
  for (const row of rows) {
    const descriptor: Descriptor = {
      mediaType: row.media_type,
      digest: row.digest as Digest,
      size: row.size,
      ...(row.artifact_type === null ? {} : { artifactType: row.artifact_type }),
      ...(row.annotations === null ? {} : { annotations: row.annotations }),
    }
    bytes += JSON.stringify(descriptor).length
    const full = descriptors.length === referrersInPage || (descriptors.length > 0 && bytes > referrersBytes)
    const last = descriptors.at(-1)
    if (full && last) return { descriptors, next: last.digest }
    descriptors.push(descriptor)
  }
  return { descriptors }
}

function contentDigest(content: Buffer, algorithm: 'sha256' | 'sha512'): Digest {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}` as Digest
}
