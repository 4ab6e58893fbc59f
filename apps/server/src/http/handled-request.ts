import type { Caller, Origin } from '@lanner/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a handler gets of its request. What most handlers do not ask for is made when it is asked for. */
export class HandledRequest {
  readonly caller: Caller
  readonly query: unknown
  readonly body: unknown
  private readonly request: FastifyRequest
  private readonly reply: FastifyReply
  private readonly publicUrl: string | undefined
  private aborting: AbortController | undefined

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    query: unknown,
    body: unknown,
    publicUrl: string | undefined,
  ) {
    this.caller = caller
    this.query = query
    this.body = body
    this.request = request
    this.reply = reply
    this.publicUrl = publicUrl
  }

  get path(): Readonly<Record<string, string>> {
    return this.request.params as Record<string, string>
  }

  get origin(): Origin {
    const { request } = this
    const { authorization } = request.headers
    return {
      address: request.ip ?? '',
      url: this.publicUrl ?? `${request.protocol}://${request.host}`,
      traceId: request.id,
      ...(authorization === undefined ? {} : { authorization }),
    }
  }

  /** Aborted when the client goes away before its answer is out. */
  get signal(): AbortSignal {
    if (!this.aborting) {
      const aborting = new AbortController()
      const { raw } = this.reply
      if (raw.destroyed) aborting.abort()
      else raw.once('close', () => raw.writableFinished || aborting.abort())
      this.aborting = aborting
    }
    return this.aborting.signal
  }
}
