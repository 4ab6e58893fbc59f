import { RegistryFault } from '../transport/registry-fault.ts'
import type { RegistryRequest, RegistryTransport } from '../transport/registry-transport.ts'
import type { Reply } from '../transport/reply.ts'

/** Bytes of one page. */
const maxPage = 8 * 1024 * 1024
/** With a thousand items a page, far beyond any registry we know of. */
const manyPages = 10_000

/** One page of a list, parsed. */
export interface Page {
  readonly document: unknown
  readonly reply: Reply
}

/**
 * Reads a list page by page, following `Link: <…>; rel="next"` on the registry's own host only.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags
 */
export async function* readPages(
  transport: RegistryTransport,
  first: RegistryRequest,
  maxPages = manyPages,
): AsyncGenerator<Page> {
  const { registry } = transport
  const fail = (code: 'malformed' | 'too-large' | 'refused', reason: string) =>
    new RegistryFault(code, `${first.purpose} from ${registry} failed: ${reason}`, { registry })
  const seen = new Set<string>([first.path])
  let path: string | undefined = first.path
  while (path !== undefined) {
    const reply: Reply = await transport.request({ ...first, path })
    // An expected status other than success is for the caller to read.
    const ok = reply.status >= 200 && reply.status < 300
    const bytes = await reply.whole(maxPage)
    let document: unknown
    try {
      document = ok ? JSON.parse(bytes.toString('utf8')) : undefined
    } catch (cause) {
      throw new RegistryFault(
        'malformed',
        `${first.purpose} from ${registry} failed: the answer is not JSON`,
        { registry, cause },
      )
    }
    yield { document, reply }
    path = ok ? nextPath(reply, fail) : undefined
    if (path === undefined) return
    if (seen.has(path)) throw fail('malformed', 'its pages lead in a circle')
    seen.add(path)
    if (seen.size > maxPages) throw fail('too-large', `it has more than ${maxPages} pages`)
  }
}

function nextPath(
  reply: Reply,
  fail: (code: 'malformed' | 'refused', reason: string) => RegistryFault,
): string | undefined {
  const header = reply.header('link')
  if (!header) return undefined
  const target = nextLink(header)
  if (target === undefined) return undefined
  if (!URL.canParse(target, reply.url.href)) throw fail('malformed', 'its next page is no URL')
  const url = new URL(target, reply.url)
  // Behind a proxy that ends TLS, registries link to themselves with the scheme they see: the host is what counts.
  if (url.hostname !== reply.url.hostname) {
    throw fail('refused', `its next page is on another host (${url.hostname.slice(0, 100)})`)
  }
  return `${url.pathname}${url.search}`
}

/** The target of `rel="next"` (RFC 8288 section 3), or undefined. */
function nextLink(header: string): string | undefined {
  for (const link of header.slice(0, 16 * 1024).split(',')) {
    const open = link.indexOf('<')
    const close = link.indexOf('>', open)
    if (open < 0 || close < 0) continue
    const parameters = link.slice(close + 1).toLowerCase()
    if (/;\s{0,8}rel="?next\b/.test(parameters)) return link.slice(open + 1, close)
  }
  return undefined
}
