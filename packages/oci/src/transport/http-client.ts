import { addressKind, isLoopbackHost } from './address.ts'
import type { Clock } from './clock.ts'
import { type DispatcherSettings, Dispatchers } from './dispatchers.ts'
import { type Attempt, exchangeFault } from './exchange-fault.ts'
import type { Reach } from './outbound.ts'
import { type Reply, replyOf } from './reply.ts'
import { isTransientStatus, parseRetryAfter, pauseAfter, type RetryPolicy } from './retry.ts'

export interface HttpRequest extends Attempt {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly reach: Reach
}

export interface HttpClientSettings extends DispatcherSettings {
  readonly clock: Clock
  readonly retry: RetryPolicy
  readonly random: () => number
  readonly userAgent: string
}

/** One exchange at a time, under the outbound rules; what may pass is tried again. */
export class HttpClient {
  readonly #settings: HttpClientSettings
  readonly #dispatchers: Dispatchers

  constructor(settings: HttpClientSettings) {
    this.#settings = settings
    this.#dispatchers = new Dispatchers(settings)
  }

  /** Asks once and follows nothing. Throws `RegistryFault`; any status is an answer. */
  async send(request: HttpRequest): Promise<Reply> {
    const { method, url, body, signal, reach } = request
    try {
      const response = await this.#dispatchers.for(url, reach).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        // A compressed answer would have another digest and length than what it stands for.
        headers: {
          'accept-encoding': 'identity',
          ...request.headers,
          'user-agent': this.#settings.userAgent,
        },
        body,
        signal,
        // Read ahead while the caller is busy inflating.
        highWaterMark: 1024 * 1024,
      })
      return replyOf(response, request, this.#settings.clock)
    } catch (error) {
      throw exchangeFault(error, request)
    }
  }

  /**
   * Calls `ask` until it answers with something that is not transient, the attempts are used up, or the server wants a longer
   * pause than the policy grants; the last answer is returned, the last fault thrown. Only for requests that change nothing.
   */
  async persist(ask: () => Promise<Reply>, attempt: Attempt, expect: readonly number[] = []): Promise<Reply> {
    const { retry, random, clock } = this.#settings
    for (let count = 1; ; count++) {
      let pause = pauseAfter(count, retry, random)
      try {
        const reply = await ask()
        if (!isTransientStatus(reply.status) || expect.includes(reply.status)) return reply
        const retryAfter = parseRetryAfter(reply.header('retry-after'), clock.now())
        if (count >= retry.attempts || (retryAfter ?? 0) > retry.mostRetryAfter) return reply
        await reply.discard()
        pause = retryAfter ?? pause
      } catch (error) {
        const fault = exchangeFault(error, attempt)
        if (!fault.retryable || count >= retry.attempts) throw fault
      }
      await this.wait(pause, attempt)
    }
  }

  /** Pauses after the given attempt, for callers that repeat something larger than one request. */
  async pause(count: number, attempt: Attempt): Promise<void> {
    const { retry, random } = this.#settings
    await this.wait(pauseAfter(count, retry, random), attempt)
  }

  async wait(milliseconds: number, attempt: Attempt): Promise<void> {
    try {
      await this.#settings.clock.wait(milliseconds, attempt.signal)
    } catch (error) {
      throw exchangeFault(error, attempt)
    }
  }

  /** Whether a host lies outside of what is ours; reached through a proxy, every name does for all we know. */
  isPublic(hostname: string): boolean {
    if (isLoopbackHost(hostname)) return false
    const kind = this.#dispatchers.kindOf(hostname) ?? addressKind(hostname)
    return kind === undefined || kind === 'public'
  }

  close(): Promise<void> {
    return this.#dispatchers.close()
  }
}
