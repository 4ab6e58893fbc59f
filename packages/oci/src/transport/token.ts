import type { Credential } from '../credentials/credential.ts'
import { Secret } from '../credentials/secret.ts'
import type { Realm, RealmRequest } from './authenticator.ts'
import type { Reply } from './reply.ts'

export interface Token {
  readonly secret: Secret
  /** Milliseconds since 1970, some time before the registry stops to accept it. */
  readonly expiresAt: number
}

type SendToRealm = (request: Omit<RealmRequest, 'purpose'>) => Promise<Reply>

const maxToken = 32 * 1024
/** Where `expires_in` is absent (https://distribution.github.io/distribution/spec/auth/token/#token-response-fields). */
const defaultLifetime = 60
const maxSkew = 10_000

/**
 * Asks a realm for a token: by GET, or by the OAuth2 POST where the credential is an identity token or the realm knows no
 * GET. https://distribution.github.io/distribution/spec/auth/oauth/
 */
export async function requestToken(
  realm: Realm,
  scope: string,
  credential: Credential,
  send: SendToRealm,
): Promise<Reply> {
  if (credential.kind === 'identity-token') return send(oauthRequest(realm, scope, credential))
  const reply = await send(plainRequest(realm, scope, credential))
  if ((reply.status !== 404 && reply.status !== 405) || credential.kind !== 'basic') return reply
  await reply.discard()
  return send(oauthRequest(realm, scope, credential))
}

/** Reads a realm's answer; undefined when it holds no token that could be sent in a header. `asked` is when it was asked. */
export function parseToken(body: Buffer, asked: number): Token | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
  const fields = new Map(typeof answer === 'object' && answer !== null ? Object.entries(answer) : [])
  const text = fields.get('token') || fields.get('access_token')
  if (typeof text !== 'string' || text.length > maxToken || !/^[\x21-\x7e]+$/.test(text)) return undefined
  const stated = fields.get('expires_in')
  const seconds = typeof stated === 'number' && stated > 0 ? stated : defaultLifetime
  const lifetime = seconds * 1000
  return { secret: new Secret(text), expiresAt: asked + lifetime - Math.min(maxSkew, lifetime / 4) }
}

function plainRequest(realm: Realm, scope: string, credential: Credential): Omit<RealmRequest, 'purpose'> {
  const url = new URL(realm.url)
  if (realm.service) url.searchParams.set('service', realm.service)
  url.searchParams.set('scope', scope)
  if (credential.kind !== 'basic') return { url, method: 'GET', headers: {} }
  if (credential.username) url.searchParams.set('account', credential.username)
  return {
    url,
    method: 'GET',
    headers: { authorization: basic(credential.username, credential.password.reveal()) },
  }
}

function oauthRequest(realm: Realm, scope: string, credential: Credential): Omit<RealmRequest, 'purpose'> {
  const form = new URLSearchParams({ client_id: 'lanner', scope })
  if (realm.service) form.set('service', realm.service)
  if (credential.kind === 'identity-token') {
    form.set('grant_type', 'refresh_token')
    form.set('refresh_token', credential.token.reveal())
  } else if (credential.kind === 'basic') {
    form.set('grant_type', 'password')
    form.set('username', credential.username)
    form.set('password', credential.password.reveal())
  }
  return {
    url: realm.url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  }
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}
