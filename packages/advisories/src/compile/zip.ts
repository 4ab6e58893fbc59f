import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import { AdvisoryFault } from '../fault.ts'

/** A file in an archive, still packed. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** OSV's largest archives hold a few hundred thousand records; records of 32 MiB are unheard of. */
const caps = { entries: 5_000_000, directory: 1 << 30, entry: 32 << 20 } as const

const endLength = 22
const locatorLength = 20
const end64Length = 56
const headerLength = 46
const localLength = 30
const longest16 = 0xffff
const longest32 = 0xffffffff

/**
 * Reads a zip from its directory, entry by entry, by position: nothing but one entry is ever in memory. Stored and deflated
 * entries, with and without Zip64. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3)
 */
export class ZipArchive implements Disposable {
  readonly path: string
  readonly bytes: number
  readonly count: number
  readonly #fd: number
  readonly #directory: Buffer

  /** Throws AdvisoryFault `corrupt` when it is no zip. */
  constructor(path: string) {
    this.path = path
    this.#fd = openSync(path, 'r')
    try {
      this.bytes = fstatSync(this.#fd).size
      const { count, offset, length } = this.#findDirectory()
      if (count > caps.entries || length > caps.directory) throw this.#corrupt('its directory is too long')
      if (offset + length > this.bytes) throw this.#corrupt('its directory lies beyond its end')
      if (length < count * headerLength) throw this.#corrupt('its directory is too short')
      this.count = count
      this.#directory = this.#read(offset, length)
    } catch (error) {
      closeSync(this.#fd)
      throw error
    }
  }

  *entries(): Generator<ZipEntry> {
    const directory = this.#directory
    let at = 0
    for (let index = 0; index < this.count; index++) {
      if (at + headerLength > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
        throw this.#corrupt('its directory is damaged')
      }
      const nameLength = directory.readUInt16LE(at + 28)
      const extraLength = directory.readUInt16LE(at + 30)
      const commentLength = directory.readUInt16LE(at + 32)
      const next = at + headerLength + nameLength + extraLength + commentLength
      if (next > directory.length) throw this.#corrupt('its directory is damaged')
      const extra = directory.subarray(
        at + headerLength + nameLength,
        at + headerLength + nameLength + extraLength,
      )
      const wide = wideFields(extra)
      const size = directory.readUInt32LE(at + 24)
      const packed = directory.readUInt32LE(at + 20)
      const offset = directory.readUInt32LE(at + 42)
      yield {
        name: directory.toString('utf8', at + headerLength, at + headerLength + nameLength),
        method: directory.readUInt16LE(at + 10),
        crc: directory.readUInt32LE(at + 16),
        size: size === longest32 ? (wide.shift() ?? size) : size,
        packed: packed === longest32 ? (wide.shift() ?? packed) : packed,
        offset: offset === longest32 ? (wide.shift() ?? offset) : offset,
      }
      at = next
    }
  }

  /** The content, checked against size and CRC-32. Throws an Error that says what is wrong with the entry. */
  read(entry: ZipEntry): Buffer {
    if (entry.size > caps.entry || entry.packed > caps.entry)
      throw new Error(`is larger than ${caps.entry} bytes`)
    if (entry.offset + localLength > this.bytes) throw new Error('lies beyond the end of the archive')
    const local = this.#read(entry.offset, localLength)
    if (local.readUInt32LE(0) !== 0x04034b50) throw new Error('has no header where the directory says')
    const start = entry.offset + localLength + local.readUInt16LE(26) + local.readUInt16LE(28)
    if (start + entry.packed > this.bytes) throw new Error('lies beyond the end of the archive')
    const packed = this.#read(start, entry.packed)
    const content = unpack(packed, entry)
    if (content.length !== entry.size || crc32(content) !== entry.crc)
      throw new Error('does not match its checksum')
    return content
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }

  #findDirectory(): { count: number; offset: number; length: number } {
    const tailLength = Math.min(this.bytes, endLength + longest16 + locatorLength)
    const tailStart = this.bytes - tailLength
    const tail = this.#read(tailStart, tailLength)
    for (let at = tailLength - endLength; at >= 0; at--) {
      if (tail.readUInt32LE(at) !== 0x06054b50 || at + endLength + tail.readUInt16LE(at + 20) !== tailLength)
        continue
      const count = tail.readUInt16LE(at + 10)
      const length = tail.readUInt32LE(at + 12)
      const offset = tail.readUInt32LE(at + 16)
      if (count !== longest16 && length !== longest32 && offset !== longest32)
        return { count, offset, length }
      return this.#findDirectory64(tail, at - locatorLength) ?? { count, offset, length }
    }
    throw this.#corrupt('it has no directory')
  }

  #findDirectory64(tail: Buffer, at: number): { count: number; offset: number; length: number } | undefined {
    if (at < 0 || tail.readUInt32LE(at) !== 0x07064b50) return undefined
    const position = Number(tail.readBigUInt64LE(at + 8))
    if (position + end64Length > this.bytes) throw this.#corrupt('its directory lies beyond its end')
    const end = this.#read(position, end64Length)
    if (end.readUInt32LE(0) !== 0x06064b50) throw this.#corrupt('its directory is damaged')
    return {
      count: Number(end.readBigUInt64LE(32)),
      length: Number(end.readBigUInt64LE(40)),
      offset: Number(end.readBigUInt64LE(48)),
    }
  }

  #read(position: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length)
    for (let done = 0; done < length; ) {
      const count = readSync(this.#fd, buffer, done, length - done, position + done)
      if (count === 0) throw this.#corrupt('it ends early')
      done += count
    }
    return buffer
  }

  #corrupt(what: string): AdvisoryFault {
    return new AdvisoryFault('corrupt', `${this.path} is no readable zip archive: ${what}`)
  }
}

function unpack(packed: Buffer, entry: ZipEntry): Buffer {
  if (entry.method === 0) return packed
  if (entry.method !== 8) throw new Error(`is packed with method ${entry.method}, which is not read`)
  // A stream that inflates to more than its header says stops here.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) })
}

/** Zip64 values in the order in which the directory leaves them out. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at)
    const length = extra.readUInt16LE(at + 2)
    if (id === 1 && at + 4 + length <= extra.length) {
      const values: number[] = []
      for (let field = at + 4; field + 8 <= at + 4 + length; field += 8)
        values.push(Number(extra.readBigUInt64LE(field)))
      return values
    }
    at += 4 + length
  }
  return []
}
