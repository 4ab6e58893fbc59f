import { type Cloud, type Hosts, hostsOf } from './clouds.ts'
import { basicAuthorization, type CredentialOptions, type Credentials, credentialsOf } from './credentials.ts'
import { type Answer, type ExchangePorts, exchange, type Sending } from './exchange.ts'
import { findOperation } from './find-operation.ts'
import type { OperationId, OperationTypes } from './generated/operations.ts'
import { type CallOptions, type CommandInput, type OperationFacts, targetOf } from './operation.ts'
import { readAnswer } from './read-answer.ts'
import { type Failure, type Result, unanswered } from './result.ts'
import { type Patience, pause, waitBefore } from './retry.ts'
import { type Token, TokenSource } from './token-source.ts'

/** How a client signs in, where, and how patient it is. */
export interface LannerClientOptions extends CredentialOptions {
  /** The credentials in one object, which goes before what stands beside it. */
  readonly creds?: CredentialOptions
  /** Address of a server of one's own: `http://127.0.0.1:8080`. */
  readonly baseUrl?: string
  /** A cloud of the vendor instead. */
  readonly cloud?: Cloud
  /** Another `fetch`, for proxies and certificates. */
  readonly fetch?: typeof globalThis.fetch
  readonly userAgent?: string
  /** Milliseconds for a request and its answer; 30,000 unless said. */
  readonly timeout?: number
  /** How often a call is repeated; 3 unless said. */
  readonly retries?: number
  /** Milliseconds before the first repetition where the server says nothing, doubled each time; 250 unless said. */
  readonly backoff?: number
  /** Milliseconds that are waited at most; who is asked to wait longer fails. 60,000 unless said. */
  readonly longestWait?: number
  /** Most bytes of an answer; 256 MiB unless said. */
  readonly maxBytes?: number
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

/** What goes with an operation's call; optional where nothing of it is required. */
export type CommandArguments<Id extends string> = Id extends OperationId
  ? Record<never, never> extends OperationTypes[Id]['input']
    ? [input?: OperationTypes[Id]['input']]
    : [input: OperationTypes[Id]['input']]
  : [input?: CommandInput]

/** The body of an operation's good answer. */
export type CommandBody<Id extends string> = Id extends OperationId ? OperationTypes[Id]['body'] : unknown

const repeatable = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

/**
 * A client of one server and one account. Signs in when it first has to, and again before the token expires or when it is
 * refused; waits where the server asks for it.
 */
export class LannerClient {
  readonly #hosts: Hosts
  readonly #credentials: Credentials
  readonly #ports: ExchangePorts
  readonly #patience: Patience
  readonly #clock: () => number
  readonly #headers: Readonly<Record<string, string>>
  readonly #tokens: TokenSource

  /** Throws TypeError where credentials or the address are missing or wrong. */
  constructor(options: LannerClientOptions) {
    this.#hosts = hostsOf(options)
    this.#credentials = credentialsOf(options)
    this.#ports = {
      fetch: options.fetch ?? ((...call) => globalThis.fetch(...call)),
      timeout: options.timeout ?? 30_000,
      maxBytes: options.maxBytes ?? 256 * 1024 * 1024,
    }
    this.#patience = {
      retries: options.retries ?? 3,
      backoff: options.backoff ?? 250,
      longest: options.longestWait ?? 60_000,
    }
    this.#clock = options.clock ?? Date.now
    // A browser has its own name, and would ask the server before it sends another.
    const agent = options.userAgent ?? ('document' in globalThis ? undefined : 'lanner-sdk')
    this.#headers = agent === undefined ? {} : { 'User-Agent': agent }
    this.#tokens = new TokenSource(() => this.#signIn(), this.#clock)
  }

  /**
   * Calls an operation by its id, by the id that another client has for it, or by its snake-case name where that is
   * only one operation's. Throws TypeError when there is none, when a part of its path is missing or a GET has a body.
   */
  async command<Id extends string>(
    id: Id,
    ...[input]: CommandArguments<Id>
  ): Promise<Result<CommandBody<Id>>> {
    const operation = findOperation(id)
    const sending = this.#sendingOf(id, operation, (input ?? {}) as CommandInput)
    const { signal } = (input ?? {}) as CallOptions
    const answer = operation.tokenless
      ? await this.#send(sending, signal, repeatable.has(operation.method))
      : await this.#sendSignedIn(sending, signal)
    // The table says what the answer is read as, the types say the same.
    return readAnswer(answer, operation.answer) as Result<CommandBody<Id>>
  }

  /** Ends the token that is in use, if there is one; the next call gets another. */
  async revokeToken(options: CallOptions = {}): Promise<Result<unknown> | undefined> {
    const token = this.#tokens.current
    if (token === undefined) return undefined
    const result = await this.command('oauth2RevokeToken', { ...options, body: { token } })
    if (result.ok) this.#tokens.drop(token)
    return result
  }

  #sendingOf(id: string, operation: OperationFacts, input: CommandInput): Sending {
    const { method, url, form, tokenless, uploadHost } = operation
    const { body, headers = {} } = input
    if (body !== undefined && (method === 'GET' || method === 'HEAD'))
      throw new TypeError(`${id} is a ${method}, which takes no body: give parameters`)
    const host = uploadHost ? this.#hosts.upload : this.#hosts.api
    return {
      method,
      url: host + targetOf(id, url, input),
      headers: {
        Accept: 'application/json, */*',
        ...this.#headers,
        ...(tokenless ? { Authorization: basicAuthorization(this.#credentials) } : {}),
        ...(body === undefined
          ? {}
          : { 'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? formOf(body) : JSON.stringify(body) }),
    }
  }

  async #sendSignedIn(sending: Sending, signal: AbortSignal | undefined): Promise<Answer | Failure> {
    for (let again = false; ; again = true) {
      const token = await this.#tokens.get(signal)
      if (!token.ok) return token
      const headers = { ...sending.headers, Authorization: `Bearer ${token.text}` }
      const answer = await this.#send({ ...sending, headers }, signal, repeatable.has(sending.method))
      // Revoked, or the server was made anew: one other token is tried.
      if (answer.status !== 401 || again) return answer
      this.#tokens.drop(token.text)
    }
  }

  async #send(
    sending: Sending,
    signal: AbortSignal | undefined,
    mayRepeat: boolean,
  ): Promise<Answer | Failure> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await exchange(this.#ports, sending, signal)
      const wait = waitBefore(outcome, { attempt, repeatable: mayRepeat, now: this.#clock() }, this.#patience)
      if (wait === undefined) return outcome
      if (!(await pause(wait, signal)))
        return unanswered('aborted', 'given up while waiting to try again', signal?.reason)
    }
  }

  /** RFC 6749, section 4.4; the good status is 201 with the vendor, 200 by the standard. */
  async #signIn(): Promise<Token | Failure> {
    const { clientId, clientSecret, memberCid } = this.#credentials
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(memberCid === undefined ? {} : { member_cid: memberCid }),
    }
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...this.#headers,
    }
    const url = `${this.#hosts.api}/oauth2/token`
    // To ask for a token twice does no harm.
    const answer = await this.#send({ method: 'POST', url, headers, body: formOf(form) }, undefined, true)
    const result = readAnswer(answer, 'json')
    if (!result.ok)
      return result.reason === 'refused' && result.status < 500 && result.status !== 429
        ? { ...result, reason: 'unauthorized', message: `no token: ${result.message}` }
        : result
    const { access_token: text, expires_in: expiresIn } = (result.body ?? {}) as Record<string, unknown>
    if (typeof text !== 'string' || text === '' || !/^[\x21-\x7e]+$/.test(text))
      return { ...unanswered('unreadable', 'the answer to the sign-in has no token'), status: result.status }
    // RFC 6749, section 5.1: where it is missing, the server documents it: half an hour.
    return { ok: true, text, expiresIn: typeof expiresIn === 'number' && expiresIn > 0 ? expiresIn : 1799 }
  }
}

function formOf(body: unknown): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>))
    if (value !== undefined && value !== null) form.append(name, String(value))
  return form.toString()
}
