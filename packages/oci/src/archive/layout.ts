import { type Digest, digestAlgorithm, formatPlatform } from '@lanner/model'
import type { Descriptor, ImageSource, ResolvedImage, UnresolvedImage } from '../descriptor.ts'
import { maxDocumentBytes, parseImageIndex, parseJsonObject } from '../documents.ts'
import { type ReadDocument, type RootDocument, resolveImages } from '../resolve.ts'
import { SourceFault } from '../source-fault.ts'
import type { Files } from './files.ts'
import { openFiles } from './open-files.ts'

/** Which image of a layout is meant, and how it is called; without `tag` and `digest` there may be one only. */
export interface LayoutOptions {
  /** `org.opencontainers.image.ref.name` of the image, or what stands after its last colon. */
  readonly tag?: string
  /** The manifest or index itself, listed or not. */
  readonly digest?: Digest
  /** How the image is called in answers and messages. */
  readonly reference: string
  /** Ends the inflating of a compressed archive. */
  readonly signal?: AbortSignal
}

/**
 * Opens an OCI image layout: a folder, or a tar archive of one (gzip and zstd too).
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 * Throws SourceFault `not-found`, `ambiguous` (several images and no tag: the message lists them), `malformed`, `unreadable`.
 */
export async function openLayout(path: string, options: LayoutOptions): Promise<ImageSource> {
  const files = await openFiles(path, options.signal)
  try {
    await checkVersion(files, path)
    const entries = await readLayoutIndex(files, path)
    const roots = options.digest
      ? [rootOf(entries, options.digest)]
      : chooseEntries(entries, options.tag, path)
    return layoutSource(files, roots, options.reference)
  } catch (error) {
    await files.close()
    throw error
  }
}

/** What a layout's index.json lists. */
export async function readLayoutIndex(files: Files, path: string): Promise<readonly Descriptor[]> {
  const bytes = await files.read('index.json', maxDocumentBytes)
  if (bytes === undefined) {
    const docker = (await files.size('manifest.json')) !== undefined
    const hint = docker ? `; it has a manifest.json: name it docker-archive:${path}` : ''
    throw new SourceFault('not-found', `${path} has no index.json, so it is no OCI layout${hint}`)
  }
  return parseImageIndex(bytes, `${path}: index.json`).manifests
}

/** Where a layout keeps a blob. Digests are checked before, so the name leads nowhere else. */
export function blobPath(digest: Digest): string {
  const algorithm = digestAlgorithm(digest)
  return `blobs/${algorithm}/${digest.slice(algorithm.length + 1)}`
}

/** Reads documents by digest from a layout's blobs. */
export function layoutDocuments(files: Files, reference: string): ReadDocument {
  return async ({ digest }) => {
    const bytes = await files.read(blobPath(digest), maxDocumentBytes)
    if (bytes) return bytes
    throw new SourceFault('not-found', `${reference}: the layout has no blob ${digest}`)
  }
}

function layoutSource(files: Files, roots: readonly RootDocument[], reference: string): ImageSource {
  const readDocument = layoutDocuments(files, reference)
  return {
    reference,
    async resolve(signal) {
      const images: ResolvedImage[] = []
      const others: UnresolvedImage[] = []
      for (const root of roots) {
        signal?.throwIfAborted()
        const found = await resolveImages(readDocument, root, reference, signal)
        images.push(...found.images)
        others.push(...found.others)
      }
      return { images, others }
    },
    blob: ({ digest }, { offset, signal } = {}) => files.stream(blobPath(digest), offset, signal),
    close: () => files.close(),
  }
}

async function checkVersion(files: Files, path: string): Promise<void> {
  const bytes = await files.read('oci-layout', 4096)
  if (bytes === undefined) return
  const version = parseJsonObject(bytes, `${path}: oci-layout`)['imageLayoutVersion']
  if (typeof version === 'string' && version.startsWith('1.')) return
  throw new SourceFault(
    'unsupported',
    `${path} is an OCI layout of version ${JSON.stringify(version)}; only 1.x is known`,
  )
}

function rootOf(entries: readonly Descriptor[], digest: Digest): RootDocument {
  return entries.find((entry) => entry.digest === digest) ?? { digest }
}

function chooseEntries(
  entries: readonly Descriptor[],
  tag: string | undefined,
  path: string,
): readonly Descriptor[] {
  const named = tag === undefined ? entries : entriesOfTag(entries, tag)
  const distinct = [...new Map(named.map((entry) => [entry.digest, entry])).values()]
  if (distinct.length === 0) {
    if (entries.length === 0) throw new SourceFault('not-found', `${path} is an OCI layout without images`)
    throw new SourceFault(
      'not-found',
      `${path} has no image with the tag ${tag}; it has ${listEntries(entries)}`,
    )
  }
  if (distinct.length === 1 || differByPlatformOnly(distinct)) return distinct
  const asked = tag === undefined ? 'no tag was given' : `the tag ${tag} names several of them`
  throw new SourceFault(
    'ambiguous',
    `${path} has several images and ${asked}: ${listEntries(distinct)}; name one as in oci:${path}:TAG or oci:${path}@DIGEST`,
  )
}

/** A whole name counts before one that only ends in the tag. */
function entriesOfTag(entries: readonly Descriptor[], tag: string): readonly Descriptor[] {
  const exact = entries.filter((entry) => entryNames(entry).includes(tag))
  if (exact.length > 0) return exact
  return entries.filter((entry) => entryNames(entry).some((name) => name.endsWith(`:${tag}`)))
}

function entryNames(entry: Descriptor): string[] {
  const names = [
    entry.annotations?.['org.opencontainers.image.ref.name'],
    entry.annotations?.['io.containerd.image.name'],
  ]
  return names.filter((name) => name !== undefined)
}

/** As some builders write a multi-platform image without an index of its own. */
function differByPlatformOnly(entries: readonly Descriptor[]): boolean {
  const platforms = entries.map((entry) => entry.platform && formatPlatform(entry.platform))
  const names = new Set(entries.map((entry) => entryNames(entry).join(' ')))
  return names.size === 1 && !platforms.includes(undefined) && new Set(platforms).size === entries.length
}

function listEntries(entries: readonly Descriptor[]): string {
  const listed = entries.slice(0, 20).map((entry) => entryNames(entry)[0] ?? entry.digest)
  const more = entries.length - listed.length
  return listed.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
