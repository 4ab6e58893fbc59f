import type { ImageSource } from './descriptor.ts'
import { maxDocumentBytes } from './documents.ts'
import { documentKind } from './media-types.ts'
import { formatReference, parseReference, type Reference } from './reference.ts'
import { openRegistry, type Registry, type RegistryOptions } from './registry.ts'
import { type DocumentReference, resolveImages } from './resolve.ts'
import { RegistryFault } from './transport/registry-fault.ts'

/**
 * The images behind a reference in a registry. Nothing is sent before `resolve` or `blob`. Throws `ReferenceFault` and
 * `CredentialFault`; what the source does later throws `RegistryFault` and `SourceFault`.
 */
export async function openRegistrySource(
  reference: string | Reference,
  options: Omit<RegistryOptions, 'repository'> = {},
): Promise<ImageSource> {
  const parsed = typeof reference === 'string' ? parseReference(reference) : reference
  const { repository } = parsed
  const name = formatReference(parsed)
  const registry = await openRegistry(parsed.registry, { ...options, repository })

  return {
    reference: name,
    async resolve(signal) {
      // With both, the digest decides; the tag is only how people call it.
      const root = await registry.manifest(repository, parsed.digest ?? parsed.tag ?? 'latest', signal)
      return resolveImages(
        (document) => readDocument(registry, repository, document, signal),
        root,
        name,
        signal,
      )
    },
    blob: (descriptor, blobOptions) => registry.blob(repository, descriptor, blobOptions),
    close: () => registry.close(),
  }
}

async function readDocument(
  registry: Registry,
  repository: string,
  document: DocumentReference,
  signal?: AbortSignal,
): Promise<Buffer> {
  const { digest, size, mediaType } = document
  const kind = documentKind(mediaType)
  if (kind === 'manifest' || kind === 'index' || size === undefined) {
    return (await registry.manifest(repository, digest, signal)).bytes
  }
  if (size > maxDocumentBytes) {
    const message = `reading ${digest} of ${repository} from ${registry.name} failed: ${size} bytes are too many for a document`
    throw new RegistryFault('too-large', message, { registry: registry.name })
  }
  const parts: Buffer[] = []
  try {
    for await (const part of registry.blob(repository, { digest, size }, { signal })) parts.push(part)
  } catch (error) {
    // A vague media type does not say on which of the registry's two shelves the document lies.
    const elsewhere = kind === 'vague' && error instanceof RegistryFault && error.code === 'not-found'
    if (!elsewhere) throw error
    return (await registry.manifest(repository, digest, signal)).bytes
  }
  return Buffer.concat(parts)
}
