import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import {
  closingMagic,
  fill,
  headerLength,
  magic,
  type SectionName,
  slotLength,
  trailerLength,
  version,
} from './segment-format.ts'

const bufferLength = 1 << 20

/** Writes a segment front to back, hashing as it goes. */
export class SegmentWriter {
  readonly #fd: number
  readonly #hash: Hash = createHash('sha256')
  readonly #buffer = Buffer.allocUnsafe(bufferLength)
  readonly #table: Partial<Record<SectionName, [number, number]>> = {}
  #buffered = 0
  #length = 0
  #section: { name: SectionName; start: number } | undefined
  #open = true

  /** The file must not exist yet. */
  constructor(path: string) {
    this.#fd = openSync(path, 'wx', 0o644)
    const header = Buffer.alloc(headerLength)
    header.write(magic, 0, 'latin1')
    header.writeUInt32LE(version, 8)
    this.#append(header)
  }

  /** Ends the section before, if any. */
  section(name: SectionName): void {
    this.#endSection()
    this.#section = { name, start: this.#length }
  }

  /** Adds to the present section; the offset of the piece inside it. */
  write(piece: Buffer): number {
    const offset = this.#length - (this.#section?.start ?? 0)
    this.#append(piece)
    return offset
  }

  /** Writes a whole section. */
  put(name: SectionName, content: Buffer): void {
    this.section(name)
    this.write(content)
  }

  /** Ends the file and puts it on the disk for good. */
  finish(): { bytes: number; sha256: string } {
    this.#endSection()
    const table = Buffer.from(JSON.stringify(this.#table))
    this.#append(table)
    const trailer = Buffer.alloc(trailerLength)
    trailer.writeUInt32LE(table.length, 0)
    trailer.writeUInt32LE(crc32(table), 4)
    trailer.writeDoubleLE(this.#length + trailerLength, 8)
    trailer.write(closingMagic, 24, 'latin1')
    this.#append(trailer)
    this.#flush()
    fsyncSync(this.#fd)
    this.close()
    return { bytes: this.#length, sha256: this.#hash.digest('hex') }
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    closeSync(this.#fd)
  }

  #endSection(): void {
    if (this.#section)
      this.#table[this.#section.name] = [this.#section.start, this.#length - this.#section.start]
    this.#section = undefined
  }

  #append(piece: Buffer): void {
    this.#length += piece.length
    if (piece.length > bufferLength - this.#buffered) this.#flush()
    if (piece.length >= bufferLength) {
      this.#hash.update(piece)
      writeAll(this.#fd, piece, piece.length)
      return
    }
    piece.copy(this.#buffer, this.#buffered)
    this.#buffered += piece.length
  }

  #flush(): void {
    if (this.#buffered === 0) return
    this.#hash.update(this.#buffer.subarray(0, this.#buffered))
    writeAll(this.#fd, this.#buffer, this.#buffered)
    this.#buffered = 0
  }
}

/** A write may be cut short by the system. */
export function writeAll(fd: number, buffer: Buffer, length: number): void {
  for (let written = 0; written < length; ) written += writeSync(fd, buffer, written, length - written)
}

/** Collects (hash, a, offset) rows and lays them out as an open-addressing table. */
export class SlotTable {
  #hashes = new Uint32Array(1024)
  #lengths = new Uint32Array(1024)
  #offsets = new Float64Array(1024)
  #count = 0

  add(hash: number, length: number, offset: number): void {
    if (this.#count === this.#hashes.length) this.#grow()
    this.#hashes[this.#count] = hash
    this.#lengths[this.#count] = length
    this.#offsets[this.#count] = offset
    this.#count++
  }

  layOut(): Buffer {
    const slots = Math.max(1, Math.ceil(this.#count / fill))
    const table = Buffer.alloc(slots * slotLength)
    for (let row = 0; row < this.#count; row++) {
      let slot = this.#hashes[row] % slots
      while (table.readUInt32LE(slot * slotLength + 4) !== 0) slot = (slot + 1) % slots
      table.writeUInt32LE(this.#hashes[row], slot * slotLength)
      table.writeUInt32LE(this.#lengths[row], slot * slotLength + 4)
      table.writeDoubleLE(this.#offsets[row], slot * slotLength + 8)
    }
    return table
  }

  #grow(): void {
    const size = this.#hashes.length * 2
    const hashes = new Uint32Array(size)
    const lengths = new Uint32Array(size)
    const offsets = new Float64Array(size)
    hashes.set(this.#hashes)
    lengths.set(this.#lengths)
    offsets.set(this.#offsets)
    this.#hashes = hashes
    this.#lengths = lengths
    this.#offsets = offsets
  }
}
