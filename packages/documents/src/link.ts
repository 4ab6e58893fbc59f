/**
 * An http(s) address with every character that RFC 3986 does not allow encoded; undefined for anything else. Addresses
 * come from advisories: `javascript:` and texts that only look like an address must not become links.
 */
export function httpLink(text: string): string | undefined {
  if (text.length > 2048 || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.username || url.password) return undefined
  return `${url.origin}${encoded(url.pathname + url.search)}${url.hash ? `#${encoded(url.hash.slice(1))}` : ''}`
}

function encoded(text: string): string {
  return text
    .replace(/[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]/gu, (character) =>
      encodeURIComponent(character.toWellFormed()),
    )
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
}

/** Where a vulnerability's own record can be read. */
export function vulnerabilitySource(id: string): { readonly name: string; readonly url: string } {
  const path = encodeURIComponent(id.toWellFormed())
  if (/^CVE-\d/.test(id)) return { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${path}` }
  if (id.startsWith('GHSA-')) return { name: 'GitHub', url: `https://github.com/advisories/${path}` }
  return { name: 'OSV', url: `https://osv.dev/vulnerability/${path}` }
}
