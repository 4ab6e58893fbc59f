import { type Failure, unanswered } from './result.ts'

/** A bearer token and how long it lives. */
export interface Token {
  readonly ok: true
  readonly text: string
  /** Seconds. */
  readonly expiresIn: number
}

/** Seconds before its expiry at which a token is replaced, unless it lives so short that a quarter of its life is less. */
const early = 120

/** Keeps a token for as long as it is good; callers at the same time share one request for the next. */
export class TokenSource {
  readonly #fetch: () => Promise<Token | Failure>
  readonly #clock: () => number
  #current: { readonly token: Token; readonly until: number } | undefined
  #coming: Promise<Token | Failure> | undefined

  constructor(fetch: () => Promise<Token | Failure>, clock: () => number) {
    this.#fetch = fetch
    this.#clock = clock
  }

  async get(signal: AbortSignal | undefined): Promise<Token | Failure> {
    if (this.#current && this.#clock() < this.#current.until) return this.#current.token
    this.#coming ??= this.#renew().finally(() => {
      this.#coming = undefined
    })
    return unlessAborted(this.#coming, signal)
  }

  /** The token that is kept, if any. */
  get current(): string | undefined {
    return this.#current?.token.text
  }

  /** This token was refused: the next caller gets another. */
  drop(text: string): void {
    if (this.#current?.token.text === text) this.#current = undefined
  }

  async #renew(): Promise<Token | Failure> {
    const token = await this.#fetch()
    if (!token.ok) return token
    const life = token.expiresIn - Math.min(early, token.expiresIn / 4)
    this.#current = { token, until: this.#clock() + life * 1000 }
    return token
  }
}

/** One caller's giving up must not take the token from the others. */
async function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal | undefined): Promise<T | Failure> {
  if (!signal) return coming
  const aborted = () => unanswered('aborted', 'given up before there was a token', signal.reason)
  if (signal.aborted) return aborted()
  let stop = (): void => {}
  const given = new Promise<Failure>((resolve) => {
    stop = () => resolve(aborted())
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([coming, given])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
