import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a pull or push may do in a repository. */
export type RegistryAction = 'pull' | 'push' | 'delete'

/** Actions by repository. `*` stands for every repository of the tenant; see `catalogRight` for their list. */
export type RegistryRights = ReadonlyMap<string, ReadonlySet<RegistryAction>>

/** What a token says. `access` goes into a Bearer header; `pull` is the password of `fc-<cid>`. */
export interface RegistryTokenClaims {
  readonly purpose: 'access' | 'pull'
  readonly cid: string
  readonly actor: string
  readonly rights: RegistryRights
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Keys to sign with (the first) and to check with. */
export type SigningKeys = readonly { readonly id: string; readonly key: Uint8Array }[]

const form = 'lr1'
const maxTokenLength = 16_384

/** `lr1.<key id>.<claims>.<HMAC-SHA-256>`, each part base64url. */
export function signRegistryToken(keys: SigningKeys, claims: RegistryTokenClaims): string {
  const [signing] = keys
  if (!signing) throw new Error('there is no key to sign registry tokens with')
  const rights = [...claims.rights].map(([repository, actions]) => [repository, [...actions]])
  const text = JSON.stringify([claims.purpose, claims.cid, claims.actor, claims.expires, rights])
  const body = `${form}.${signing.id}.${Buffer.from(text).toString('base64url')}`
  return `${body}.${mac(signing.key, body).toString('base64url')}`
}

export function isRegistryToken(token: string): boolean {
  return token.startsWith(`${form}.`)
}

/** The claims of a token that one of the keys has signed and that is still good; undefined otherwise. */
export function readRegistryToken(
  keys: SigningKeys,
  token: string,
  now: number,
): RegistryTokenClaims | undefined {
  if (token.length > maxTokenLength) return undefined
  const [head, id, text, signature, ...more] = token.split('.')
  const found = keys.find((key) => key.id === id)
  if (head !== form || !found || !text || !signature || more.length > 0) return undefined
  const expected = mac(found.key, `${head}.${id}.${text}`)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  // Signed by us: it has the shape that `signRegistryToken` gave it.
  const [purpose, cid, actor, expires, rights] = JSON.parse(Buffer.from(text, 'base64url').toString())
  if (expires <= now) return undefined
  const read = (rights as [string, RegistryAction[]][]).map(
    ([repository, actions]) => [repository, new Set(actions)] as const,
  )
  return { purpose, cid, actor, expires, rights: new Map(read) }
}

function mac(key: Uint8Array, body: string): Buffer {
  return createHmac('sha256', key).update(body).digest()
}
