import type { Origin } from '@lanner/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a handler may ask about its request. Each is worked out when it is asked for: most handlers want none of it. */
export class RequestFacts implements Origin {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  #abort: AbortController | undefined

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.#request = request
    this.#reply = reply
  }

  get address(): string {
    return this.#request.ip ?? ''
  }

  get url(): string {
    return `${this.#request.protocol}://${this.#request.host}`
  }

  get traceId(): string {
    return this.#request.id
  }

  get authorization(): string {
    return this.#request.headers.authorization ?? ''
  }

  /** Aborted when the client goes away before its answer is out. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController()
      const { raw } = this.#reply
      if (raw.destroyed) abort.abort()
      else raw.once('close', () => raw.writableFinished || abort.abort())
      this.#abort = abort
    }
    return this.#abort.signal
  }
}
