import { LayerFault } from './layer-fault.ts'

/** What is inflated at once. */
const stageBytes = 1024 * 1024
/** Chunks from here on are passed on as they are. */
const largeBytes = 256 * 1024

/**
 * Pulls a blob's chunks, no more bytes than announced, and stops waiting when the signal fires.
 */
export class BlobReader {
  /** Bytes pulled so far. */
  stored = 0
  readonly #chunks: AsyncIterator<Buffer>
  readonly #size: number
  readonly #what: string
  readonly #signal: AbortSignal | undefined
  #pull: Promise<IteratorResult<Buffer>> | undefined
  #peeked: Buffer | undefined
  #ended = false

  constructor(blob: AsyncIterable<Buffer>, size: number, what: string, signal: AbortSignal | undefined) {
    this.#chunks = blob[Symbol.asyncIterator]()
    this.#size = size
    this.#what = what
    this.#signal = signal
  }

  /** The first bytes, at least `length` of them unless the blob is shorter; `next` hands them out again. */
  async peek(length: number): Promise<Buffer> {
    let bytes: Buffer = Buffer.alloc(0)
    while (bytes.length < length) {
      const chunk = await this.next()
      if (chunk === undefined) break
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    }
    this.#peeked = bytes
    return bytes
  }

  /** The next chunk, or undefined after the last. Throws `size-mismatch`, `aborted` or what the source throws. */
  async next(): Promise<Buffer | undefined> {
    const peeked = this.#peeked
    this.#peeked = undefined
    if (peeked && peeked.length > 0) return peeked
    if (this.#ended) return undefined
    const { done, value } = await this.#nextOrAborted()
    if (done) {
      this.#ended = true
      if (this.stored === this.#size) return undefined
      const bytes = `${this.stored} bytes where its descriptor says ${this.#size}`
      throw new LayerFault('size-mismatch', `${this.#what} has ${bytes}`)
    }
    this.stored += value.length
    if (this.stored > this.#size) {
      throw new LayerFault(
        'size-mismatch',
        `${this.#what} has more than the ${this.#size} bytes that its descriptor says`,
      )
    }
    return value
  }

  /** The rest in pieces of about 1 MiB. Small chunks are gathered in two buffers in turn: a piece lives until the second `next` after it. */
  async *pieces(): AsyncGenerator<Buffer, undefined> {
    const stages: Buffer[] = []
    let turn = 0
    let filled = 0
    for (let chunk = await this.next(); chunk; chunk = await this.next()) {
      if (chunk.length >= largeBytes) {
        if (filled > 0) yield stages[turn].subarray(0, filled)
        if (filled > 0) turn ^= 1
        filled = 0
        yield chunk
        continue
      }
      for (let at = 0; at < chunk.length; ) {
        stages[turn] ??= Buffer.allocUnsafeSlow(stageBytes)
        const count = chunk.copy(stages[turn], filled, at)
        at += count
        filled += count
        if (filled < stageBytes) continue
        yield stages[turn]
        turn ^= 1
        filled = 0
      }
    }
    if (filled > 0) yield stages[turn].subarray(0, filled)
  }

  /** Throws `aborted` once the signal fired. */
  throwIfAborted(): void {
    if (this.#signal?.aborted) throw this.#abortedFault(this.#signal)
  }

  /** Ends the source. After an abort it is not waited for one that is stuck: it ends when it comes to. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    const pull = this.#pull
    if (pull === undefined) {
      await this.#chunks.return?.()
      return
    }
    const closed = pull.then(
      () => this.#chunks.return?.(),
      () => {},
    )
    if (this.#signal?.aborted) closed.catch(() => {})
    else await closed
  }

  async #nextOrAborted(): Promise<IteratorResult<Buffer>> {
    this.throwIfAborted()
    const signal = this.#signal
    const pull = this.#chunks.next().finally(() => {
      this.#pull = undefined
    })
    this.#pull = pull
    if (signal === undefined) return pull
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(this.#abortedFault(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([pull, aborted.promise])
    } catch (error) {
      // A source that was given the same signal fails with its own error.
      this.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  #abortedFault(signal: AbortSignal): LayerFault {
    return new LayerFault('aborted', `reading ${this.#what} was cancelled`, { cause: signal.reason })
  }
}
