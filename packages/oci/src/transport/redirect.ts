import { RegistryFault, shownUrl } from './registry-fault.ts'
import type { Reply } from './reply.ts'

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Where a reply sends us, or undefined when it does not. Throws `RegistryFault` where we do not go. */
export function redirectTarget(
  reply: Reply,
  { registry, purpose }: { readonly registry: string; readonly purpose: string },
): URL | undefined {
  if (!redirects.has(reply.status)) return undefined
  const location = reply.header('location')
  const from = reply.url
  const what = `${purpose} from ${registry}: the redirect from ${shownUrl(from)}`
  if (!location || !URL.canParse(location, from.href)) {
    throw new RegistryFault('malformed', `${what} leads to something that is no URL`, { registry })
  }
  const url = new URL(location, from)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RegistryFault('refused', `${what} leads to a ${url.protocol} address and was not followed`, {
      registry,
    })
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    const message = `${what} leads from https to http (${shownUrl(url)}) and was not followed`
    throw new RegistryFault('refused', message, { registry })
  }
  // A user in a URL is a credential of somebody else's choice.
  url.username = ''
  url.password = ''
  url.hash = ''
  return url
}
