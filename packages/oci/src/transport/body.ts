import type { Dispatcher } from 'undici'
import type { Clock } from './clock.ts'

/** A body is slower than any network we would want to wait for. */
export class SlowBody extends Error {
  override readonly name = 'SlowBody'
}

/** A body is longer than it may be. */
export class LongBody extends Error {
  override readonly name = 'LongBody'
}

/** Bytes a second, averaged over the time that we waited for the other side, once that is longer than the grace. */
const slowest = 1_024
const grace = 60_000

/**
 * The parts of a body as they come. Idle connections end by undici's own timeout; this also ends bodies that trickle, so
 * that a hostile server cannot hold a caller for ever. Time that the caller takes between parts does not count.
 */
export async function* bodyParts(
  body: Dispatcher.ResponseData['body'],
  clock: Clock,
): AsyncGenerator<Buffer> {
  let waited = 0
  let received = 0
  let asked = clock.now()
  // Without an encoding it gives buffers, and is typed as any.
  for await (const part of body as AsyncIterable<Buffer>) {
    waited += clock.now() - asked
    received += part.length
    if (waited > grace && received < (waited / 1000) * slowest) {
      throw new SlowBody(`${received} bytes in ${Math.round(waited / 1000)} s`)
    }
    yield part
    asked = clock.now()
  }
}

/** A body whole; throws `LongBody` beyond `most` bytes. */
export async function wholeBody(parts: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const kept: Buffer[] = []
  let size = 0
  for await (const part of parts) {
    size += part.length
    if (size > most) throw new LongBody(`more than ${most} bytes`)
    kept.push(part)
  }
  return kept.length === 1 ? kept[0] : Buffer.concat(kept, size)
}

/** The first `most` bytes of a body as text, for messages; what follows is given up. */
export async function bodyExcerpt(parts: AsyncIterable<Buffer>, most: number): Promise<string> {
  const kept: Buffer[] = []
  let size = 0
  for await (const part of parts) {
    kept.push(part)
    size += part.length
    if (size >= most) break
  }
  return Buffer.concat(kept).subarray(0, most).toString('utf8')
}
