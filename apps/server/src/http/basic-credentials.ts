import { Secret } from '@lanner/oci'

/**
 * User and password of an `Authorization: Basic` header, its scheme in any case; undefined where it is none. RFC 7617.
 */
export function readBasic(
  header: string | undefined,
): { readonly user: string; readonly password: Secret } | undefined {
  const groups = /^\s*basic\s+(?<token>[A-Za-z0-9+/_-]{1,8192}={0,2})\s*$/i.exec(header ?? '')?.groups
  if (!groups) return undefined
  const text = Buffer.from(groups['token']!, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) return undefined
  return { user: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) }
}
