import type { BodySink, TarEntry, TarVisitor } from './entry.ts'
import { EntryExtensions } from './entry-extensions.ts'
import { LayerFault } from './layer-fault.ts'
import type { PaxSparse } from './pax.ts'
import type { LayerLimits } from './read-layer-types.ts'
import { isKnownSparse, type SparseMap } from './sparse.ts'
import { SparseEntry } from './sparse-entry.ts'
import {
  blockSize,
  checkHeader,
  entryType,
  headerFormat,
  headerLink,
  headerMode,
  headerPath,
  headerSize,
  headerType,
  isHeaderOnly,
  readNumber,
} from './tar-header.ts'

const globalPaxHeader = 0x67 // g
const gnuSparse = 0x53 // S
const nothing = Buffer.alloc(0)

/** What the next byte is. `skip` is what nobody wants of an extension; `end` is whatever follows the end of the archive. */
type State =
  | 'header'
  | 'body'
  | 'padding'
  | 'extension'
  | 'gnu-sparse'
  | 'sparse-text'
  | 'sparse-padding'
  | 'skip'
  | 'end'

/**
 * Walks a tar archive that is handed over in chunks of any length, without copying: only headers are looked at, and parts
 * of bodies are views of the chunk. Reads v7, ustar, star, old and new GNU and PAX, all sparse formats included.
 *
 * Where readers disagree it does as Go's archive/tar, which the container runtimes unpack with; an archive that reads
 * differently here and there could hide a file. So a global PAX header names or sizes no entry, links and other entries
 * without content have no body whatever their size says, and what follows two blocks of zeros is not looked at.
 */
export class TarWalker {
  /** Entries met so far; extension headers do not count. */
  entries = 0
  /** Whether the sink of the body being walked holds views of this chunk or of earlier ones. */
  holding = false
  /** Where the body of the entry last met starts in the archive, and its stored bytes (less than its size where it is sparse). */
  readonly body = { start: 0, size: 0, sparse: false }
  readonly #visitor: TarVisitor
  readonly #maxEntries: number
  readonly #what: string
  #state: State = 'header'
  /** Bytes of the archive before the current chunk. */
  #position = 0
  /** A header that spans chunks. */
  readonly #block = Buffer.allocUnsafe(blockSize)
  #held = 0
  #zeroBlock = false
  /** Of the stored body, the extension, or what is skipped. */
  #remaining = 0
  #padding = 0
  #sink: BodySink | undefined
  #offset = 0
  readonly #extensions: EntryExtensions
  #headerEnd = 0
  /** A sparse entry whose map is still being read. */
  #sparseEntry: SparseEntry | undefined
  /** Of the body being walked. */
  #sparse: SparseMap | undefined

  /** `what` names the archive in messages. */
  constructor(visitor: TarVisitor, limits: Pick<LayerLimits, 'maxEntries'>, what = 'tar archive') {
    this.#visitor = visitor
    this.#maxEntries = limits.maxEntries
    this.#what = what
    this.#extensions = new EntryExtensions(what)
  }

  /** Takes the next bytes. Throws LayerFault `corrupt` or `limit-exceeded`, and whatever the visitor throws. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      switch (this.#state) {
        case 'header':
        case 'gnu-sparse':
          at = this.#takeBlock(chunk, at)
          break
        case 'body':
          at = this.#takeBody(chunk, at)
          break
        case 'extension':
          at = this.#takeExtension(chunk, at)
          break
        case 'sparse-text':
          at = this.#takeSparseText(chunk, at)
          break
        case 'end':
          at = chunk.length
          break
        default:
          at = this.#takeSkipped(chunk, at)
      }
    }
    this.#position += chunk.length
  }

  /** How many of the next bytes nobody wants to see; `skip` passes over them, so that an archive on disk is not read whole. */
  get unwanted(): number {
    if (this.#state === 'body' && this.#sink === undefined) return this.#remaining + this.#padding
    return this.#state === 'padding' || this.#state === 'end' ? this.#remaining : 0
  }

  /** Passes over bytes, at most those `unwanted`. */
  skip(count: number): void {
    if (count > this.unwanted) throw new RangeError(`${count} bytes cannot be skipped`)
    this.#position += count
    if (this.#state === 'body') {
      const body = Math.min(count, this.#remaining)
      this.#remaining -= body
      count -= body
      if (this.#remaining > 0) return
      this.#endBody()
    }
    this.#remaining -= count
    if (this.#remaining === 0 && this.#state === 'padding') this.#state = 'header'
  }

  /**
   * Call after the last byte. Throws `truncated` inside an entry or a header; an archive without its end marker passes, as
   * does a last body without its padding.
   */
  end(): void {
    if (this.#state === 'end' || this.#state === 'padding') return
    if (this.#state === 'header' && this.#held === 0) return
    const where = this.#state === 'header' ? 'a header' : `entry ${this.entries}`
    throw new LayerFault('truncated', `${this.#what} ends inside ${where}, at byte ${this.#position}`)
  }

  #takeBlock(chunk: Buffer, at: number): number {
    if (this.#held === 0 && chunk.length - at >= blockSize) {
      this.#readBlock(chunk, at, at)
      return at + blockSize
    }
    const count = Math.min(blockSize - this.#held, chunk.length - at)
    chunk.copy(this.#block, this.#held, at, at + count)
    this.#held += count
    if (this.#held < blockSize) return at + count
    this.#held = 0
    this.#readBlock(this.#block, 0, at + count - blockSize)
    return at + count
  }

  /** `place` is where the block starts, relative to the current chunk. */
  #readBlock(block: Buffer, at: number, place: number): void {
    if (this.#state === 'gnu-sparse') this.#readGnuSparse(block, at + 0, 21, at + 504)
    else this.#readHeader(block, at, this.#position + place)
  }

  #readHeader(block: Buffer, at: number, position: number): void {
    const check = checkHeader(block, at)
    if (check === 'zero') {
      // One block of zeros alone ends nothing (GNU tar goes on as well); two do.
      if (this.#zeroBlock) this.#state = 'end'
      this.#zeroBlock = true
      return
    }
    this.#zeroBlock = false
    if (check === 'invalid') this.#corrupt(`there is no tar header at byte ${position}`)
    const stored = headerSize(block, at)
    if (stored === undefined) this.#corrupt(`the header at byte ${position} has no valid size`)
    const type = headerType(block, at)
    this.#headerEnd = position + blockSize
    if (EntryExtensions.isExtension(type)) this.#startExtension(type, stored)
    else if (type === globalPaxHeader) {
      // Go hands it out as an entry of its own, so an extension before it is lost.
      this.#extensions.forget()
      this.#remaining = stored
      this.#padding = -stored & (blockSize - 1)
      this.#nextOr('skip')
    } else this.#readEntry(block, at, type, stored)
  }

  #readEntry(block: Buffer, at: number, flag: number, headerStored: number): void {
    if (++this.entries > this.#maxEntries) {
      throw new LayerFault('limit-exceeded', `${this.#what} has more than ${this.#maxEntries} entries`)
    }
    const format = headerFormat(block, at)
    const extensions = this.#extensions
    const { pax } = extensions
    const sparse = pax?.sparse && isKnownSparse(pax.sparse) ? pax.sparse : undefined
    const path = sparse?.name || extensions.path || pax?.path || headerPath(block, at, format)
    const type = entryType(flag, path)
    const stored = isHeaderOnly(type) ? 0 : (pax?.size ?? headerStored)
    const mode = headerMode(block, at)
    const link = extensions.link || pax?.link || headerLink(block, at)
    extensions.forget()
    this.#remaining = stored
    this.#padding = -stored & (blockSize - 1)
    if (flag === gnuSparse) {
      if (format !== 'gnu') this.#corrupt(`entry ${path} is sparse in a format other than GNU's`)
      const size = readNumber(block, at + 483, 12)
      if (size === undefined) this.#corrupt(`sparse entry ${path} has no valid size`)
      this.#sparseEntry = new SparseEntry({ path, type, mode, size }, stored)
      this.#readGnuSparse(block, at + 386, 4, at + 482)
      return
    }
    if (sparse && type === 'file') {
      this.#startPaxSparse(sparse, path, mode)
      return
    }
    const linked = type === 'symlink' || type === 'hardlink'
    this.#startBody(linked ? { path, type, link, mode, size: 0 } : { path, type, mode, size: stored })
  }

  #startBody(entry: TarEntry): void {
    this.body.start = this.#headerEnd
    this.body.size = this.#remaining
    this.body.sparse = this.#sparse !== undefined
    this.#sink = this.#visitor.entry(entry)
    this.#offset = 0
    if (this.#remaining > 0) this.#state = 'body'
    else this.#endBody()
  }

  #takeBody(chunk: Buffer, at: number): number {
    const count = Math.min(this.#remaining, chunk.length - at)
    const sink = this.#sink
    if (sink) {
      const part = at === 0 && count === chunk.length ? chunk : chunk.subarray(at, at + count)
      const kept = this.#sparse ? this.#sparse.deliver(part, sink) : sink.write(part, this.#offset)
      if (kept !== false) this.holding = true
      this.#offset += count
    }
    this.#remaining -= count
    if (this.#remaining === 0) this.#endBody()
    return at + count
  }

  #endBody(): void {
    const sink = this.#sink
    this.#sink = undefined
    this.#sparse = undefined
    this.#remaining = this.#padding
    this.#padding = 0
    this.#nextOr('padding')
    sink?.end()
    this.holding = false
  }

  /** Skipping has a length in `#remaining` and maybe a padding after it. */
  #takeSkipped(chunk: Buffer, at: number): number {
    const count = Math.min(this.#remaining, chunk.length - at)
    this.#remaining -= count
    if (this.#remaining > 0) return at + count
    if (this.#state === 'sparse-padding') this.#startSparseBody()
    else {
      this.#remaining = this.#padding
      this.#padding = 0
      this.#nextOr('padding')
    }
    return at + count
  }

  /** Enters the state if there is something for it to take, else waits for the next header. */
  #nextOr(state: 'skip' | 'padding'): void {
    this.#state = this.#remaining > 0 ? state : 'header'
  }

  #startExtension(type: number, size: number): void {
    this.#extensions.start(type, size)
    this.#padding = -size & (blockSize - 1)
    this.#state = 'extension'
    if (size === 0) this.#takeExtension(nothing, 0)
  }

  #takeExtension(chunk: Buffer, at: number): number {
    const count = this.#extensions.take(chunk, at, this.#position)
    if (this.#extensions.complete) {
      this.#remaining = this.#padding
      this.#padding = 0
      this.#nextOr('skip')
    }
    return at + count
  }

  /** Four regions fit in the header, 21 more in each block that may follow it. */
  #readGnuSparse(block: Buffer, start: number, count: number, extendedFlag: number): void {
    const more = this.#sparseEntry?.takeBlock(block, start, count, extendedFlag)
    if (more === undefined) this.#corruptSparse(' has a malformed map')
    if (more) this.#state = 'gnu-sparse'
    else this.#startSparseBody()
  }

  #startPaxSparse(sparse: PaxSparse, path: string, mode: number): void {
    const stored = this.#remaining
    this.#sparseEntry = new SparseEntry({ path, type: 'file', mode, size: sparse.size ?? stored }, stored)
    if (sparse.major === '1') {
      if (stored === 0) this.#corruptSparse(' has no map')
      this.#state = 'sparse-text'
      return
    }
    const problem = this.#sparseEntry.takeMap(sparse)
    if (problem) this.#corruptSparse(problem)
    this.#startSparseBody()
  }

  #takeSparseText(chunk: Buffer, at: number): number {
    const entry = this.#sparseEntry as SparseEntry // Set together with the state.
    const text = entry.takeText(chunk.subarray(at, Math.min(chunk.length, at + entry.stored)))
    if (typeof text === 'string') this.#corruptSparse(text)
    if (text.padding !== undefined) {
      this.#remaining = text.padding
      if (text.padding > 0) this.#state = 'sparse-padding'
      else this.#startSparseBody()
    }
    return at + text.taken
  }

  #startSparseBody(): void {
    const { entry, stored } = this.#sparseEntry as SparseEntry // Set by whoever starts to read a map.
    const map = this.#sparseEntry?.map()
    if (typeof map === 'string') this.#corruptSparse(map)
    this.#sparseEntry = undefined
    this.#remaining = stored
    this.#sparse = map
    this.#startBody(entry)
  }

  #corruptSparse(problem: string): never {
    this.#corrupt(`sparse entry ${this.#sparseEntry?.entry.path}${problem}`)
  }

  #corrupt(problem: string): never {
    throw new LayerFault('corrupt', `${this.#what}: ${problem}`)
  }
}
