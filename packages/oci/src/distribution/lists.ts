import { isTag, parseRepository, ReferenceFault } from '../reference.ts'
import { RegistryFault } from '../transport/registry-fault.ts'
import type { RegistryTransport } from '../transport/registry-transport.ts'
import { readPages } from './pages.ts'
import { catalogScope, pullScope } from './scope.ts'

export interface ListOptions {
  /** Items to ask for at a time; registries may send fewer. Default 1,000. */
  readonly pageSize?: number
  /** Pages after which the list is given up as endless. Default 10,000. */
  readonly maxPages?: number
  readonly signal?: AbortSignal
}

const maxPerPage = 200_000

/** The tags of a repository, as the registry orders them. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export async function* listTags(
  transport: RegistryTransport,
  repository: string,
  { pageSize = 1_000, maxPages, signal }: ListOptions = {},
): AsyncGenerator<string> {
  const purpose = `listing the tags of ${repository}`
  const path = `/v2/${repository}/tags/list?n=${pageSize}`
  const request = { method: 'GET', path, scope: pullScope(repository), purpose, signal } as const
  for await (const { document } of readPages(transport, request, maxPages)) {
    yield* names(document, 'tags', isTag, transport.registry, purpose)
  }
}

/** The repositories that a registry tells of; many tell of none, or forbid the question. https://distribution.github.io/distribution/spec/api/#listing-repositories */
export async function* listRepositories(
  transport: RegistryTransport,
  { pageSize = 1_000, maxPages, signal }: ListOptions = {},
): AsyncGenerator<string> {
  const purpose = 'listing the repositories'
  const path = `/v2/_catalog?n=${pageSize}`
  const request = { method: 'GET', path, scope: catalogScope, purpose, signal } as const
  for await (const { document } of readPages(transport, request, maxPages)) {
    yield* names(document, 'repositories', isRepository, transport.registry, purpose)
  }
}

function names(
  document: unknown,
  field: string,
  isName: (item: unknown) => item is string,
  registry: string,
  purpose: string,
): readonly string[] {
  const fail = (reason: string) =>
    new RegistryFault('malformed', `${purpose} from ${registry} failed: ${reason}`, { registry })
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw fail('the answer is not a JSON object')
  const items = Object.hasOwn(document, field) ? (document as Record<string, unknown>)[field] : undefined
  // Go writes an empty list as null.
  if (items === undefined || items === null) return []
  if (!Array.isArray(items)) throw fail(`${field} is not a list`)
  if (items.length > maxPerPage)
    throw fail(`a page has ${items.length} items; at most ${maxPerPage} are read`)
  const odd = items.find((item) => !isName(item))
  if (odd !== undefined) throw fail(`${field} holds ${JSON.stringify(odd)?.slice(0, 80)}, which is no name`)
  return items
}

function isRepository(item: unknown): item is string {
  if (typeof item !== 'string') return false
  try {
    parseRepository(item)
    return true
  } catch (error) {
    if (error instanceof ReferenceFault) return false
    throw error
  }
}
