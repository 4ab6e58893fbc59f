import type { Credential } from '../credentials/credential.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import type { Clock } from './clock.ts'
import { quoteDetails, type RegistryErrorDetail, RegistryFault, shownUrl } from './registry-fault.ts'
import type { Reply } from './reply.ts'
import { statusFault } from './status-fault.ts'
import { basic, parseToken, requestToken, type Token } from './token.ts'

/** A question to a token endpoint. */
export interface RealmRequest {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly purpose: string
}

export interface AuthenticatorSettings {
  readonly registry: string
  readonly credential: Credential
  readonly clock: Clock
  readonly send: (request: RealmRequest) => Promise<Reply>
}

/** The realm that the registry declared. */
export interface Realm {
  readonly url: URL
  readonly service: string | undefined
}

const maxTokens = 1_000
const maxTokenReply = 1024 * 1024

/**
 * Answers a registry's challenges with the one credential that was given for it, and remembers what was handed out.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export class Authenticator {
  readonly #settings: AuthenticatorSettings
  readonly #tokens = new Map<string, Token>()
  readonly #flights = new Map<string, Promise<Token>>()
  #realm: Realm | undefined
  /** The registry wants to see the credential itself. */
  #direct = false

  constructor(settings: AuthenticatorSettings) {
    this.#settings = settings
  }

  /** What to send with a request, as far as the registry asked for anything yet. */
  async authorization(scope: string): Promise<string | undefined> {
    if (this.#direct) return this.#plain()
    if (!this.#realm) return undefined
    return bearer(await this.#token(scope, this.#realm))
  }

  /** Reads the challenges of a 401 and returns what to send instead; `refused` is what was sent. */
  async answer(
    header: string,
    scope: string,
    refused: string | undefined,
    origin: URL,
  ): Promise<string | undefined> {
    const { credential } = this.#settings
    const challenges = parseChallenges(header)
    const challenge =
      challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm')) ??
      challenges.find(({ scheme }) => scheme === 'basic' || scheme === 'bearer')
    if (!challenge) return undefined
    if (challenge.scheme === 'basic' || credential.kind === 'bearer') {
      const plain = this.#plain()
      this.#direct = plain !== undefined
      return plain === refused ? undefined : plain
    }
    if (!challenge.parameters.has('realm')) return undefined
    this.#realm = this.#readRealm(challenge, origin)
    const known = this.#tokens.get(scope)
    if (known && bearer(known) === refused) this.#tokens.delete(scope)
    const answer = bearer(await this.#token(scope, this.#realm))
    return answer === refused ? undefined : answer
  }

  /** Who we are to the registry, without the secret. */
  identity(): string {
    const { credential } = this.#settings
    if (credential.kind === 'anonymous') return 'no credential'
    if (credential.kind === 'bearer') return `the token from ${credential.source}`
    const name = credential.username ? `of user ${JSON.stringify(credential.username)} ` : ''
    return `the ${credential.kind === 'basic' ? 'credential' : 'identity token'} ${name}from ${credential.source}`
  }

  /** The registry still says 401. */
  refusal(purpose: string, details: readonly RegistryErrorDetail[]): RegistryFault {
    const { registry, credential } = this.#settings
    const said = quoteDetails(details)
    const facts = { registry, status: 401, details }
    if (credential.kind === 'anonymous') {
      const message = `${purpose} from ${registry} needs a sign-in (or does not exist); give a credential for ${registry}`
      return new RegistryFault('unauthorized', `${message}${said}`, facts)
    }
    const message = `${purpose} from ${registry} was refused: the registry does not accept ${this.identity()}; check or renew it`
    return new RegistryFault('unauthorized', `${message}${said}`, facts)
  }

  #plain(): string | undefined {
    const { credential } = this.#settings
    if (credential.kind === 'bearer') return `Bearer ${credential.token.reveal()}`
    return credential.kind === 'basic' ? basic(credential.username, credential.password.reveal()) : undefined
  }

  /** The credential goes to this address: it has to be as safe as the registry itself is. */
  #readRealm({ parameters }: Challenge, origin: URL): Realm {
    const { registry } = this.#settings
    const text = parameters.get('realm') ?? ''
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) {
      throw new RegistryFault('malformed', `${registry} declares a token realm that is no web address`, {
        registry,
      })
    }
    if (url.protocol === 'http:' && origin.protocol === 'https:') {
      const message = `${registry} declares the token realm ${shownUrl(url)}, to which nothing is sent without TLS`
      throw new RegistryFault('refused', message, { registry })
    }
    url.hash = ''
    return { url, service: parameters.get('service') }
  }

  /** One flight for each scope: a hundred layers that start together ask for one token. */
  async #token(scope: string, realm: Realm): Promise<Token> {
    const { clock } = this.#settings
    const known = this.#tokens.get(scope)
    if (known && clock.now() < known.expiresAt) return known
    const flying = this.#flights.get(scope)
    if (flying) return flying
    const flight = this.#fetchToken(scope, realm).finally(() => this.#flights.delete(scope))
    this.#flights.set(scope, flight)
    return flight
  }

  async #fetchToken(scope: string, realm: Realm): Promise<Token> {
    const { registry, credential, clock } = this.#settings
    const purpose = `signing in at ${shownUrl(realm.url)} with ${this.identity()}`
    const asked = clock.now()
    const reply = await requestToken(realm, scope, credential, (request) =>
      this.#settings.send({ ...request, purpose }),
    )
    if (reply.status < 200 || reply.status > 299) {
      const details = await reply.details()
      if (reply.status === 401 || reply.status === 400) throw this.refusal(purpose, details)
      if (reply.status >= 300 && reply.status < 400) {
        const message = `${purpose} for ${registry} failed: the realm redirects, and a credential is not sent along a redirect`
        throw new RegistryFault('refused', message, { registry, status: reply.status })
      }
      throw statusFault({ registry, purpose, status: reply.status, details, identity: this.identity() })
    }
    const token = parseToken(await reply.whole(maxTokenReply), asked)
    if (!token) {
      const message = `${purpose} for ${registry} failed: the answer holds no token`
      throw new RegistryFault('malformed', message, { registry, status: reply.status })
    }
    this.#remember(scope, token)
    return token
  }

  #remember(scope: string, token: Token): void {
    this.#tokens.set(scope, token)
    if (this.#tokens.size <= maxTokens) return
    for (const oldest of this.#tokens.keys()) {
      this.#tokens.delete(oldest)
      return
    }
  }
}

function bearer(token: Token): string {
  return `Bearer ${token.secret.reveal()}`
}
