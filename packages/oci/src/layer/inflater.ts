import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { LayerFault } from './layer-fault.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** Node's 16 KiB halve the speed. */
const outputBytes = 1024 * 1024

/** A window of 128 MiB, as the zstd tool allows without being asked. */
const maxWindowLog = 27

/** Takes inflated bytes. Answers whether views of them, or of earlier ones, are still held. */
export type TakeInflated = (chunk: Buffer) => boolean

/** So much is looked at before zlib's thread is given its next piece: it would idle while we look at a whole chunk. */
const sliceBytes = 256 * 1024

/** Inflated bytes that may wait to be looked at. Where much is to be done in few bytes, zlib works ahead. */
const aheadBytes = 4 * 1024 * 1024

/**
 * Inflates a gzip or zstd stream of any number of members or frames. zlib works on its own thread; what it puts out waits
 * in a queue and is looked at in slices, between which zlib is sent on, so that both threads are kept busy.
 *
 * Output buffers are given back as soon as nobody holds a view of them: left to the garbage collector, some 64 MB of them
 * would pile up between its runs.
 */
export class Inflater {
  readonly #stream: ReturnType<typeof createGunzip>
  readonly #frames: ZstdFrames | undefined
  readonly #take: TakeInflated
  readonly #what: string
  #fed = 0
  #failure: unknown
  #reject: ((failure: unknown) => void) | undefined
  /** The gzip stream is over and only zeros may follow. */
  #padding = false
  /** What was put out and not looked at yet. */
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  #pumping = false
  /** The stream's own error, told once all that came before it was looked at. */
  #broken: (Error & { code?: string }) | undefined
  #drained: (() => void) | undefined
  /** Output buffers that zlib has filled and somebody may still look at. */
  readonly #filled: ArrayBuffer[] = []

  /** `what` names the blob in messages. What `take` throws ends the inflation and comes out of `write` or `finish`. */
  constructor(compression: 'gzip' | 'zstd', take: TakeInflated, what: string) {
    this.#take = take
    this.#what = what
    this.#frames = compression === 'zstd' ? new ZstdFrames() : undefined
    this.#stream =
      compression === 'gzip'
        ? createGunzip({ chunkSize: outputBytes })
        : createZstdDecompress({
            chunkSize: outputBytes,
            params: { [constants.ZSTD_d_windowLogMax]: maxWindowLog },
          })
    this.#stream.on('error', (cause) => {
      this.#broken = cause
      this.#pump()
    })
    this.#stream.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk)
      this.#waitingBytes += chunk.length
      if (this.#waitingBytes > aheadBytes) this.#stream.pause()
      this.#pump()
    })
  }

  /** Resolves when the bytes were taken in, not when all that they inflate to was delivered. */
  async write(chunk: Buffer): Promise<void> {
    if (this.#frames === undefined) return this.#writeMember(chunk)
    for (let at = 0; at < chunk.length; ) {
      const end = this.#frames.take(chunk, at)
      if (end === undefined) {
        throw new LayerFault('corrupt', `${this.#what}: what follows a zstd frame is no zstd frame`)
      }
      await this.#feed(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
      at = end
    }
  }

  /** Resolves when everything was delivered. */
  async finish(): Promise<void> {
    if (this.#frames && !this.#frames.atBoundary) {
      throw new LayerFault('truncated', `${this.#what} ends inside a zstd frame`)
    }
    if (!this.#stream.readableEnded) {
      await this.#settled((done) => {
        this.#stream.once('end', done)
        this.#stream.end()
      })
    }
    if (this.#failure === undefined && this.#pumping) await this.#settled((done) => (this.#drained = done))
    if (this.#failure !== undefined) throw this.#failure
  }

  destroy(): void {
    this.#stream.destroy()
  }

  async #writeMember(chunk: Buffer): Promise<void> {
    if (!this.#padding) {
      await this.#feed(chunk)
      const left = this.#fed - this.#stream.bytesWritten
      if (left === 0) return
      // zlib goes on with the next member by itself and stops where zeros follow the last one.
      this.#padding = true
      chunk = chunk.subarray(chunk.length - left)
    }
    if (chunk.some((byte) => byte !== 0)) {
      throw new LayerFault('corrupt', `${this.#what}: bytes that are no gzip follow the last gzip member`)
    }
  }

  #feed(chunk: Buffer): Promise<void> {
    this.#fed += chunk.length
    return this.#settled((done) => this.#stream.write(chunk, done))
  }

  /** A stream that fails calls neither back nor ends: its error is what settles then. */
  #settled(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure)
      this.#reject = reject
      start(() => resolve())
    })
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    setImmediate(() => this.#lookAtNext())
  }

  /** Looks at one slice, and comes back for the next when whatever else is due has been done. */
  #lookAtNext(): void {
    const chunk = this.#waiting[0]
    if (this.#failure !== undefined || chunk === undefined) {
      this.#pumping = false
      this.#waiting.length = 0
      if (this.#broken) this.#fail(this.#explain(this.#broken))
      this.#drained?.()
      return
    }
    const slice = chunk.subarray(0, sliceBytes)
    let held: boolean
    try {
      held = this.#take(slice)
    } catch (failure) {
      this.#fail(failure)
      this.#stream.destroy()
      return this.#lookAtNext()
    }
    this.#waitingBytes -= slice.length
    if (slice.length < chunk.length) this.#waiting[0] = chunk.subarray(slice.length)
    else {
      this.#waiting.shift()
      this.#giveBack(chunk, held)
    }
    if (this.#stream.isPaused() && this.#waitingBytes < aheadBytes / 2) this.#stream.resume()
    setImmediate(() => this.#lookAtNext())
  }

  /** zlib has turned to a new buffer once one is full; a shorter chunk's rest is still to be filled. */
  #giveBack(chunk: Buffer, held: boolean): void {
    const full = chunk.buffer.byteLength === outputBytes && chunk.byteOffset + chunk.length === outputBytes
    if (full && chunk.buffer instanceof ArrayBuffer) this.#filled.push(chunk.buffer)
    if (held) return
    for (const buffer of this.#filled) buffer.transfer(0)
    this.#filled.length = 0
  }

  #fail(failure: unknown): void {
    this.#failure ??= failure
    this.#reject?.(this.#failure)
  }

  #explain(cause: Error & { code?: string }): LayerFault {
    if (cause.code === 'Z_BUF_ERROR') {
      return new LayerFault('truncated', `${this.#what} ends inside its compressed stream`, { cause })
    }
    if (cause.code === 'ZSTD_error_frameParameter_windowTooLarge') {
      const most = `${2 ** (maxWindowLog - 20)} MiB`
      return new LayerFault('unsupported', `${this.#what} needs a zstd window larger than ${most}`, { cause })
    }
    return new LayerFault('corrupt', `${this.#what} cannot be inflated: ${cause.message}`, { cause })
  }
}
