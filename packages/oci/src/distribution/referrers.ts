import type { Digest } from '@lanner/model'
import type { Descriptor } from '../descriptor.ts'
import { parseImageIndex } from '../documents.ts'
import { RegistryFault } from '../transport/registry-fault.ts'
import type { RegistryTransport } from '../transport/registry-transport.ts'
import { fetchManifest } from './manifest.ts'
import { readPages } from './pages.ts'
import { pullScope } from './scope.ts'

export interface ReferrersOptions {
  readonly artifactType?: string
  readonly signal?: AbortSignal
}

/** Descriptors of all pages together. */
const maxReferrers = 50_000

/**
 * What refers to a manifest: signatures, SBOMs, attestations. Where the registry has no referrers API, the tag schema is asked
 * (`sha256-<hex>`). https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
 */
export async function listReferrers(
  transport: RegistryTransport,
  repository: string,
  subject: Digest,
  { artifactType, signal }: ReferrersOptions = {},
): Promise<readonly Descriptor[]> {
  const purpose = `listing the referrers of ${subject} of ${repository}`
  const query = artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`
  const path = `/v2/${repository}/referrers/${subject}${query}`
  const accept = 'application/vnd.oci.image.index.v1+json'
  const request = {
    method: 'GET',
    path,
    scope: pullScope(repository),
    headers: { accept },
    expect: [404],
    purpose,
    signal,
  } as const
  const found: Descriptor[] = []
  for await (const { document, reply } of readPages(transport, request)) {
    if (reply.status === 404)
      return filtered(await referrersByTag(transport, repository, subject, signal), artifactType)
    const { manifests } = parseImageIndex(
      Buffer.from(JSON.stringify(document)),
      `${purpose} from ${transport.registry}`,
    )
    found.push(...manifests)
    if (found.length > maxReferrers) {
      const message = `${purpose} from ${transport.registry} failed: it has more than ${maxReferrers}`
      throw new RegistryFault('too-large', message, { registry: transport.registry })
    }
  }
  // Filtering is the registry's choice (OCI-Filters-Applied); doing it again costs nothing.
  return filtered(found, artifactType)
}

async function referrersByTag(
  transport: RegistryTransport,
  repository: string,
  subject: Digest,
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  // Tags hold 128 characters: a sha512 digest is cut, as the specification has it.
  const [algorithm, hex] = subject.split(':')
  const tag = `${algorithm}-${hex.slice(0, 64)}`
  try {
    const { bytes } = await fetchManifest(transport, repository, tag, signal)
    return parseImageIndex(bytes, `the referrers ${tag} of ${repository} from ${transport.registry}`)
      .manifests
  } catch (error) {
    if (error instanceof RegistryFault && error.code === 'not-found') return []
    throw error
  }
}

function filtered(
  descriptors: readonly Descriptor[],
  artifactType: string | undefined,
): readonly Descriptor[] {
  if (artifactType === undefined) return descriptors
  return descriptors.filter((descriptor) => descriptor.artifactType === artifactType)
}
