import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

/** Bytes that all requests together may have in memory. */
export class BodyBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** False where there is not as much. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }
}

/** Reads a JSON document. Throws Refusal where it is none, too large, or does not come whole. */
export async function readJson(
  request: IncomingMessage,
  { most, budget }: { readonly most: number; readonly budget: BodyBudget },
): Promise<unknown> {
  const { headers } = request
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new Refusal(
      415,
      `the body of a review is application/json, not ${type ? type.slice(0, 80) : 'of an unknown kind'}`,
    )
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new Refusal(415, 'the body of a review is not compressed')
  const announced = Number(headers['content-length'] ?? 0)
  if (announced > most) throw tooLarge(most)
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (!budget.take(chunk.length))
        throw new Refusal(503, 'too many reviews at the same time: try again', { 'Retry-After': '1' })
      length += chunk.length
      if (length > most) throw tooLarge(most)
      chunks.push(chunk)
    }
    return parsed(Buffer.concat(chunks))
  } finally {
    budget.give(length)
  }
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) throw new Refusal(400, 'the body is empty; an AdmissionReview is expected')
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (error) {
    throw new Refusal(
      400,
      `the body is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`,
    )
  }
}

function tooLarge(most: number): Refusal {
  return new Refusal(413, `the body is larger than ${most} bytes`)
}
