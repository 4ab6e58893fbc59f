import { type Digest, digestAlgorithm, parseDigest } from '@lanner/model'
import { contentDigest } from '../content-digest.ts'
import { maxDocumentBytes } from '../documents.ts'
import { documentKind, manifestMediaTypes } from '../media-types.ts'
import { RegistryFault } from '../transport/registry-fault.ts'
import type { RegistryTransport } from '../transport/registry-transport.ts'
import { pullScope } from './scope.ts'

/** A manifest or index as the registry keeps it. */
export interface StoredManifest {
  /** Computed by us from the bytes. */
  readonly digest: Digest
  /** `Content-Type` without parameters; undefined where the registry sends none. */
  readonly mediaType?: string
  readonly bytes: Buffer
}

/** What a registry claims of a manifest without sending it. */
export interface ManifestClaim {
  readonly digest: Digest
  readonly mediaType?: string
  /** Bytes. */
  readonly size?: number
}

/**
 * Reads a manifest by tag or digest. Asked for by digest, the bytes have it; where the registry names a digest, they have that
 * too. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export async function fetchManifest(
  transport: RegistryTransport,
  repository: string,
  reference: string | Digest,
  signal?: AbortSignal,
): Promise<StoredManifest> {
  const purpose = `reading manifest ${reference} of ${repository}`
  const reply = await transport.request(manifestRequest('GET', repository, reference, purpose, signal))
  const bytes = await reply.whole(maxDocumentBytes)
  const asked = parseDigest(reference)
  const mediaType = bareType(reply.header('content-type'))
  // Of a schema 1 manifest, the registry's digest leaves out the signature that its bytes hold.
  const schema1 = documentKind(mediaType) === 'schema1'
  const named = schema1 ? undefined : parseDigest(reply.header('docker-content-digest'))
  for (const [expected, who] of [
    [asked, 'it was asked for as'],
    [named, 'the registry says'],
  ] as const) {
    if (!expected) continue
    const actual = contentDigest(bytes, digestAlgorithm(expected))
    if (actual === expected) continue
    const message = `${purpose} from ${transport.registry} failed: ${who} ${expected}, but its bytes have ${actual}`
    throw new RegistryFault('malformed', message, { registry: transport.registry, status: reply.status })
  }
  return { digest: asked ?? contentDigest(bytes), bytes, ...(mediaType ? { mediaType } : {}) }
}

/** Asks for the digest behind a tag without reading the manifest, or by reading it where the registry does not say. */
export async function headManifest(
  transport: RegistryTransport,
  repository: string,
  reference: string | Digest,
  signal?: AbortSignal,
): Promise<ManifestClaim> {
  const purpose = `looking up manifest ${reference} of ${repository}`
  // Some registries know no HEAD for manifests.
  const request = manifestRequest('HEAD', repository, reference, purpose, signal)
  const reply = await transport.request({ ...request, expect: [405] })
  await reply.discard()
  const digest = parseDigest(reply.header('docker-content-digest'))
  if (reply.status === 405 || !digest) {
    const { bytes, ...stored } = await fetchManifest(transport, repository, reference, signal)
    return { ...stored, size: bytes.length }
  }
  const size = Number(reply.header('content-length') ?? Number.NaN)
  const mediaType = bareType(reply.header('content-type'))
  return {
    digest,
    ...(mediaType ? { mediaType } : {}),
    ...(Number.isSafeInteger(size) && size > 0 ? { size } : {}),
  }
}

function manifestRequest(
  method: 'GET' | 'HEAD',
  repository: string,
  reference: string,
  purpose: string,
  signal: AbortSignal | undefined,
) {
  return {
    method,
    path: `/v2/${repository}/manifests/${reference}`,
    scope: pullScope(repository),
    headers: { accept: [...manifestMediaTypes, '*/*;q=0.1'].join(', ') },
    purpose,
    signal,
  }
}

function bareType(header: string | undefined): string | undefined {
  return header?.split(';', 1)[0].trim().toLowerCase() || undefined
}
