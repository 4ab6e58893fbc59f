import { type Digest, parseDigest } from '@lanner/model'
import type { Descriptor, ImageConfig, Manifest } from './descriptor.ts'
import { documentKind } from './media-types.ts'
import { SourceFault } from './source-fault.ts'

/** Bytes of the largest manifest, index or config that is read at all. Registries commonly accept 4 MiB. */
export const maxDocumentBytes = 8 * 1024 * 1024

const maxLayers = 2_000
const maxManifests = 5_000
const maxHistory = 20_000
const maxTexts = 10_000

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md, Docker's manifest list alike. */
export interface ImageIndex {
  readonly mediaType: string
  readonly manifests: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>>
}

/** A manifest or an index, told apart by its shape. */
export type ManifestDocument =
  | { readonly kind: 'manifest'; readonly manifest: Manifest; readonly artifactType?: string }
  | { readonly kind: 'index'; readonly index: ImageIndex; readonly artifactType?: string }

type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads a manifest or an index. `mediaType` is what the descriptor or the registry said; a document that contradicts it, or
 * that could be read as both, is `malformed` (https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh).
 * Docker's schema 1 is `unsupported`. `what` names the document in messages.
 */
export function parseManifestDocument(
  bytes: Buffer,
  mediaType: string | undefined,
  what: string,
): ManifestDocument {
  const document = parseJsonObject(bytes, what)
  if (document['schemaVersion'] === 1 || Array.isArray(document['fsLayers'])) {
    throw new SourceFault(
      'unsupported',
      `${what} is a Docker schema 1 manifest; push the image again with a current client`,
    )
  }
  const hasManifests = 'manifests' in document
  const hasLayers = 'layers' in document || 'config' in document
  if (hasManifests && hasLayers) {
    throw new SourceFault('malformed', `${what} could be read both as an index and as a manifest`)
  }
  if (!hasManifests && !hasLayers) {
    if ('blobs' in document || 'artifactType' in document) {
      throw new SourceFault('not-an-image', `${what} is an artifact manifest, no container image`)
    }
    throw new SourceFault('malformed', `${what} is neither a manifest nor an index`)
  }
  const kind = hasManifests ? 'index' : 'manifest'
  const own = optionalText(document['mediaType'], `${what}: mediaType`)
  for (const claim of [own, mediaType]) {
    const claimed = documentKind(claim)
    if ((claimed === 'manifest' || claimed === 'index') && claimed !== kind) {
      throw new SourceFault('malformed', `${what} has the shape of ${an(kind)} but the media type ${claim}`)
    }
  }
  const annotations = textMap(document['annotations'], `${what}: annotations`)
  const artifactType = optionalText(document['artifactType'], `${what}: artifactType`)
  if (kind === 'index') {
    const index = {
      mediaType: own ?? mediaType ?? 'application/vnd.oci.image.index.v1+json',
      manifests: descriptors(document['manifests'], `${what}: manifests`, maxManifests),
      ...(annotations ? { annotations } : {}),
    }
    return { kind, index, ...(artifactType ? { artifactType } : {}) }
  }
  const manifest = {
    mediaType: own ?? mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    config: parseDescriptor(document['config'], `${what}: config`),
    layers: descriptors(document['layers'] ?? [], `${what}: layers`, maxLayers),
    ...(annotations ? { annotations } : {}),
  }
  return { kind, manifest, ...(artifactType ? { artifactType } : {}) }
}

/** What a manifest or an index is about: https://github.com/opencontainers/image-spec/blob/main/manifest.md `subject`. */
export function parseSubject(bytes: Buffer, what: string): Descriptor | undefined {
  const subject = parseJsonObject(bytes, what)['subject']
  return subject === undefined || subject === null ? undefined : parseDescriptor(subject, `${what}: subject`)
}

/** Reads the index.json of a layout. */
export function parseImageIndex(bytes: Buffer, what: string): ImageIndex {
  const document = parseManifestDocument(bytes, undefined, what)
  if (document.kind === 'index') return document.index
  throw new SourceFault('malformed', `${what} is a manifest where an index is expected`)
}

/** Reads an image config. Fields that are absent or null get their empty value; a field of a wrong type is `malformed`. */
export function parseImageConfig(bytes: Buffer, what: string): ImageConfig {
  const document = parseJsonObject(bytes, what)
  const rootfs = object(document['rootfs'], `${what}: rootfs`)
  const diffIds = list(rootfs['diff_ids'] ?? [], `${what}: rootfs.diff_ids`, maxLayers)
  const history = list(document['history'] ?? [], `${what}: history`, maxHistory)
  const config =
    document['config'] === undefined || document['config'] === null
      ? {}
      : object(document['config'], `${what}: config`)
  const variant = optionalText(document['variant'], `${what}: variant`)
  const created = optionalText(document['created'], `${what}: created`)
  const user = optionalText(config['User'], `${what}: config.User`)
  const entrypoint = texts(config['Entrypoint'], `${what}: config.Entrypoint`)
  const command = texts(config['Cmd'], `${what}: config.Cmd`)
  return {
    os: optionalText(document['os'], `${what}: os`) ?? 'unknown',
    architecture: optionalText(document['architecture'], `${what}: architecture`) ?? 'unknown',
    ...(variant ? { variant } : {}),
    ...(created ? { created } : {}),
    rootfs: { diffIds: diffIds.map((item, at) => digest(item, `${what}: rootfs.diff_ids[${at}]`)) },
    history: history.map((item, at) => historyEntry(item, `${what}: history[${at}]`)),
    config: {
      ...(user ? { user } : {}),
      ...(entrypoint ? { entrypoint } : {}),
      ...(command ? { command } : {}),
      labels: textMap(config['Labels'], `${what}: config.Labels`) ?? {},
    },
  }
}

/** Reads a JSON document under the size cap; its top level must be an object. */
export function parseJsonObject(bytes: Buffer, what: string): JsonObject {
  return object(parseJson(bytes, what), what)
}

/** Reads any JSON document under the size cap. */
export function parseJson(bytes: Buffer, what: string): unknown {
  if (bytes.length > maxDocumentBytes) {
    throw new SourceFault(
      'malformed',
      `${what} has ${bytes.length} bytes; at most ${maxDocumentBytes} are read`,
    )
  }
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new SourceFault('malformed', `${what} is not JSON`, { cause })
  }
}

/** Reads one descriptor. A missing media type is the empty string. */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  const fields = object(value, what)
  const size = fields['size']
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new SourceFault('malformed', `${what}: size is not a number of bytes`)
  }
  const annotations = textMap(fields['annotations'], `${what}: annotations`)
  const artifactType = optionalText(fields['artifactType'], `${what}: artifactType`)
  const platform = descriptorPlatform(fields['platform'], `${what}: platform`)
  return {
    mediaType: optionalText(fields['mediaType'], `${what}: mediaType`) ?? '',
    digest: digest(fields['digest'], `${what}: digest`),
    size,
    ...(annotations ? { annotations } : {}),
    ...(artifactType ? { artifactType } : {}),
    ...(platform ? { platform } : {}),
  }
}

function descriptors(value: unknown, what: string, most: number): Descriptor[] {
  return list(value ?? [], what, most).map((item, at) => parseDescriptor(item, `${what}[${at}]`))
}

function descriptorPlatform(value: unknown, what: string): Descriptor['platform'] {
  if (value === undefined || value === null) return undefined
  const fields = object(value, what)
  const variant = optionalText(fields['variant'], `${what}.variant`)
  const version = optionalText(fields['os.version'], `${what}.os.version`)
  return {
    os: optionalText(fields['os'], `${what}.os`) ?? 'unknown',
    architecture: optionalText(fields['architecture'], `${what}.architecture`) ?? 'unknown',
    ...(variant ? { variant } : {}),
    ...(version ? { 'os.version': version } : {}),
  }
}

function historyEntry(value: unknown, what: string): ImageConfig['history'][number] {
  const fields = object(value, what)
  const createdBy = optionalText(fields['created_by'], `${what}.created_by`)
  return {
    ...(createdBy ? { createdBy } : {}),
    ...(fields['empty_layer'] === true ? { emptyLayer: true } : {}),
  }
}

function object(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new SourceFault('malformed', `${what} is not a JSON object`)
}

function list(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new SourceFault('malformed', `${what} is not a list`)
  if (value.length > most)
    throw new SourceFault('malformed', `${what} has ${value.length} items; at most ${most} are read`)
  return value
}

function digest(value: unknown, what: string): Digest {
  const parsed = parseDigest(value)
  if (parsed) return parsed
  throw new SourceFault(
    'malformed',
    `${what} is not a sha256 or sha512 digest: ${JSON.stringify(value)?.slice(0, 160)}`,
  )
}

/** Absent, null and empty are alike. */
function optionalText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new SourceFault('malformed', `${what} is not a text`)
}

/** A list of texts; a lone text counts as a list of one (seen in configs written by hand). */
function texts(value: unknown, what: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value === '' ? undefined : [value]
  const items = list(value, what, maxTexts)
  if (items.length === 0) return undefined
  return items.map((item) => {
    if (typeof item === 'string') return item
    throw new SourceFault('malformed', `${what} holds something that is not a text`)
  })
}

/** Has no prototype: keys come from outside. */
function textMap(value: unknown, what: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined
  const entries = Object.entries(object(value, what))
  if (entries.length > maxTexts) {
    throw new SourceFault('malformed', `${what} has ${entries.length} items; at most ${maxTexts} are read`)
  }
  const map: Record<string, string> = Object.create(null)
  for (const [key, text] of entries) if (typeof text === 'string') map[key] = text
  return map
}

function an(kind: 'index' | 'manifest'): string {
  return kind === 'index' ? 'an index' : 'a manifest'
}
