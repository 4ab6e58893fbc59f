import type { Digest } from '@lanner/model'
import { anonymous, type Credential, type FindCredential } from './credentials/credential.ts'
import type { Descriptor } from './descriptor.ts'
import { type BlobOptions, streamBlob } from './distribution/blob.ts'
import { type ListOptions, listRepositories, listTags } from './distribution/lists.ts'
import {
  fetchManifest,
  headManifest,
  type ManifestClaim,
  type StoredManifest,
} from './distribution/manifest.ts'
import { listReferrers, type ReferrersOptions } from './distribution/referrers.ts'
import { parseRegistry, parseRepository } from './reference.ts'
import { RegistryTransport, type TransportOptions } from './transport/registry-transport.ts'

export interface RegistryOptions extends TransportOptions {
  /** What to show the registry; comes before `credentials`. */
  readonly credential?: Credential
  /** Where to look for what to show it. Without either, nothing is shown. */
  readonly credentials?: FindCredential
  /** The repository that is meant, where credentials may hang on one. */
  readonly repository?: string
  readonly signal?: AbortSignal
}

/** The verbs of one registry. All throw `RegistryFault`. */
export interface Registry {
  readonly name: string
  manifest(repository: string, reference: string | Digest, signal?: AbortSignal): Promise<StoredManifest>
  headManifest(repository: string, reference: string | Digest, signal?: AbortSignal): Promise<ManifestClaim>
  blob(
    repository: string,
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    options?: BlobOptions,
  ): AsyncIterable<Buffer>
  tags(repository: string, options?: ListOptions): AsyncIterable<string>
  repositories(options?: ListOptions): AsyncIterable<string>
  referrers(repository: string, subject: Digest, options?: ReferrersOptions): Promise<readonly Descriptor[]>
  close(): Promise<void>
}

/** Makes a client for a registry: `docker.io`, `localhost:5000`. Nothing is sent yet. Throws `ReferenceFault`, `CredentialFault`. */
export async function openRegistry(registry: string, options: RegistryOptions = {}): Promise<Registry> {
  const name = parseRegistry(registry)
  const { repository, signal } = options
  const credential =
    options.credential ?? (await options.credentials?.({ registry: name, repository, signal })) ?? anonymous
  const transport = new RegistryTransport(name, credential, options)
  return {
    name,
    manifest: async (repository, reference, signal) =>
      fetchManifest(transport, parseRepository(repository), reference, signal),
    headManifest: async (repository, reference, signal) =>
      headManifest(transport, parseRepository(repository), reference, signal),
    blob: (repository, descriptor, options) =>
      streamBlob(transport, parseRepository(repository), descriptor, options),
    tags: (repository, options) => listTags(transport, parseRepository(repository), options),
    repositories: (options) => listRepositories(transport, options),
    referrers: async (repository, subject, options) =>
      listReferrers(transport, parseRepository(repository), subject, options),
    close: () => transport.close(),
  }
}
