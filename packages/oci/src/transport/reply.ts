import type { Dispatcher } from 'undici'
import { bodyExcerpt, bodyParts, wholeBody } from './body.ts'
import type { Clock } from './clock.ts'
import { type Attempt, exchangeFault } from './exchange-fault.ts'
import { parseErrorBody, type RegistryErrorDetail } from './registry-fault.ts'

/** An answer whose body is still to be read. Read it or `discard` it, or its connection stays occupied. */
export interface Reply {
  readonly status: number
  /** Where the answer came from, after redirects. */
  readonly url: URL
  /** By lower-case name; a header that came several times is joined by commas. */
  header(name: string): string | undefined
  /** The body as it comes. Errors are `RegistryFault`s. */
  parts(): AsyncGenerator<Buffer>
  /** The body whole; `too-large` beyond `most` bytes. */
  whole(most: number): Promise<Buffer>
  /** What the body says of an error; never fails. */
  details(): Promise<readonly RegistryErrorDetail[]>
  discard(): Promise<void>
}

const maxErrorBody = 64 * 1024

export function replyOf(response: Dispatcher.ResponseData, attempt: Attempt, clock: Clock): Reply {
  const { body, headers, statusCode } = response
  async function* parts(): AsyncGenerator<Buffer> {
    try {
      yield* bodyParts(body, clock)
    } catch (error) {
      throw exchangeFault(error, attempt)
    }
  }
  return {
    status: statusCode,
    url: attempt.url,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    parts,
    async whole(most) {
      try {
        return await wholeBody(bodyParts(body, clock), most)
      } catch (error) {
        throw exchangeFault(error, attempt)
      }
    },
    async details() {
      try {
        return parseErrorBody(await bodyExcerpt(bodyParts(body, clock), maxErrorBody))
      } catch {
        return []
      }
    },
    async discard() {
      // A short body is read so that the connection can be used again; a long one is not worth it.
      await body.dump({ limit: maxErrorBody }).catch(() => {})
    },
  }
}
