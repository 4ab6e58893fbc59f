import { answer, errorAnswer, type FakeAnswer, type FakeRequest } from './fake-registry-answer.ts'

/** How the fake registry wants to be signed in to. */
export type FakeAuthentication =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'bearer'
      /** Who gets tokens; without a user everybody does. */
      readonly username?: string
      readonly password?: string
      readonly identityToken?: string
      /** Instead of the registry's own `/token`. */
      readonly realm?: string
      /** Requests after which a token is no longer accepted. */
      readonly usesPerToken?: number
      /** Seconds; left out of the answer where undefined. */
      readonly expiresIn?: number
      /** `POST`: the realm knows no GET. */
      readonly only?: 'POST'
      /** The whole `WWW-Authenticate` header, in place of the usual one. */
      readonly challenge?: string | readonly string[]
    }

/** Hands out tokens and checks them. */
export class FakeGate {
  readonly #authentication: FakeAuthentication | undefined
  readonly #uses = new Map<string, { scope: string; left: number }>()

  constructor(authentication: FakeAuthentication | undefined) {
    this.#authentication = authentication
  }

  /** The 401 for a request, or undefined when it may pass. */
  refuse(request: FakeRequest, origin: string): FakeAnswer | undefined {
    const wanted = this.#authentication
    const shown = request.headers['authorization'] ?? ''
    if (!wanted) return undefined
    if (wanted.kind === 'basic') {
      if (shown === basic(wanted.username, wanted.password)) return undefined
      return unauthorized('Basic realm="fake", charset="UTF-8"')
    }
    const scope = scopeOf(request.path)
    const token = this.#uses.get(shown.replace(/^Bearer /, ''))
    if (token && token.left > 0 && (scope === '' || token.scope === scope)) {
      token.left--
      return undefined
    }
    const realm = wanted.realm ?? `${origin}/token`
    return unauthorized(wanted.challenge ?? `Bearer realm="${realm}",service="fake.example",scope="${scope}"`)
  }

  /** What the realm answers. */
  token(request: FakeRequest): FakeAnswer {
    const wanted = this.#authentication
    if (wanted?.kind !== 'bearer') return answer(404)
    const query = new URL(request.path, 'http://fake.example').searchParams
    const form = request.method === 'POST' ? new URLSearchParams(request.body) : query
    if (wanted.only === 'POST' && request.method !== 'POST') return answer(405)
    if (!this.#knows(request, form)) return errorAnswer(401, 'UNAUTHORIZED', 'who are you?')
    const token = `token-${this.#uses.size + 1}`
    this.#uses.set(token, {
      scope: form.get('scope') ?? '',
      left: wanted.usesPerToken ?? Number.POSITIVE_INFINITY,
    })
    const lifetime = wanted.expiresIn === undefined ? {} : { expires_in: wanted.expiresIn }
    return answer(200, { [request.method === 'POST' ? 'access_token' : 'token']: token, ...lifetime })
  }

  #knows(request: FakeRequest, form: URLSearchParams): boolean {
    const wanted = this.#authentication
    if (wanted?.kind !== 'bearer') return false
    if (form.get('service') !== 'fake.example') return false
    if (request.method === 'POST') {
      if (form.get('grant_type') === 'refresh_token')
        return form.get('refresh_token') === wanted.identityToken
      return form.get('username') === wanted.username && form.get('password') === wanted.password
    }
    if (wanted.username === undefined) return true
    return request.headers['authorization'] === basic(wanted.username, wanted.password ?? '')
  }
}

function scopeOf(path: string): string {
  if (path.startsWith('/v2/_catalog')) return 'registry:catalog:*'
  const repository = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(path)?.[1]
  return repository === undefined ? '' : `repository:${repository}:pull`
}

function unauthorized(challenge: string | readonly string[]): FakeAnswer {
  return errorAnswer(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': challenge })
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
