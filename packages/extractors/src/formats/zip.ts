import { inflateRawSync } from 'node:zlib'
import type { Bytes } from '../bytes.ts'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { BytesWindow } from './window.ts'
import { locateZipDirectory } from './zip-directory.ts'

/** One file of an archive as the central directory describes it. The name is a name only, never a path to follow. */
export interface ZipEntry {
  /** As written, backslashes turned into slashes. */
  readonly name: string
  /** 0 stored, 8 deflate; anything else cannot be read. */
  readonly method: number
  readonly encrypted: boolean
  readonly compressedSize: number
  /** Inflated size as declared; nothing beyond it is ever inflated. */
  readonly size: number
  /** Offset of the local header, prepended bytes counted. */
  readonly offset: number
}

const centralSignature = 0x02014b50
const centralLength = 46
const localSignature = 0x04034b50
const localLength = 30
const zip64 = 0xffffffff
const mostEntries = 1_000_000
const none = new Uint8Array(0)

/** Deflate reaches 1032:1 on constant input; what an archive of packages holds stays far below this. */
const ratioLimit = 250
const ratioFloor = 8 * 1024 * 1024

/**
 * The entries whose names `wanted` accepts, in the order of the central directory; folders never. Names that end in
 * `unwanted` are not even decoded: most of a jar is classes. The local headers are not walked: what the directory does not list is not in the archive, as for `java -jar` and Python's zipimport.
 * Throws `ExtractFault` `malformed` for what is no archive or claims more than it holds, `truncated` for a directory that
 * ends early, `limit-exceeded` above a million entries.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (sections 4.3.12 to 4.3.16, 4.5.3)
 */
export function readZipEntries(
  bytes: Bytes,
  wanted: (name: string) => boolean,
  unwanted: Uint8Array = none,
): ZipEntry[] {
  const directory = locateZipDirectory(bytes)
  const table = bytes.slice(directory.start, directory.end)
  const entries: ZipEntry[] = []
  let count = 0
  let held = 0
  let at = 0
  while (at + centralLength <= table.length && readLong(table, at) === centralSignature) {
    if (++count > mostEntries)
      throw new ExtractFault('limit-exceeded', `the zip archive has over ${mostEntries} entries`)
    const nameStart = at + centralLength
    const nameEnd = nameStart + readShort(table, at + 28)
    const extraEnd = nameEnd + readShort(table, at + 30)
    const next = extraEnd + readShort(table, at + 32)
    if (next > table.length)
      throw new ExtractFault('truncated', `entry ${count} of the zip directory is cut off`)
    const compressedSize = readLong(table, at + 20)
    held += compressedSize === zip64 ? 0 : compressedSize
    if (!isFolder(table, nameStart, nameEnd) && !endsWith(table, nameStart, nameEnd, unwanted)) {
      const name = readName(table, nameStart, nameEnd)
      if (wanted(name)) entries.push(readEntry(table, at, name, nameEnd, extraEnd, directory.prepended))
    }
    at = next
  }
  if (count < directory.entries) {
    throw new ExtractFault('truncated', `the zip directory holds ${count} of ${directory.entries} entries`)
  }
  // Entries that share their bytes are how small archives become huge ones; no tool writes them.
  if (held + count * localLength > bytes.size) {
    throw new ExtractFault(
      'malformed',
      `the zip archive's ${count} entries overlap: ${held} bytes in ${bytes.size}`,
    )
  }
  return entries
}

/**
 * What an entry holds: a view for a stored one, else what was inflated (never more than `limit` or the declared size).
 * Throws `ExtractFault`: `limit-exceeded` above the limit or the ratio, `unsupported` for encryption and other methods,
 * `truncated` where the archive ends first, `malformed` for broken data.
 */
export function readZipEntry(bytes: Bytes, entry: ZipEntry, limit: number): Bytes {
  if (entry.encrypted) throw new ExtractFault('unsupported', `${entry.name} is encrypted`)
  if (entry.size > limit) {
    throw new ExtractFault('limit-exceeded', `${entry.name} has ${entry.size} bytes, over ${limit}`)
  }
  const start = dataOffset(bytes, entry)
  const end = start + entry.compressedSize
  if (end > bytes.size) throw new ExtractFault('truncated', `${entry.name} ends beyond the zip archive`)
  if (entry.method === 0) {
    if (entry.size !== entry.compressedSize) {
      throw new ExtractFault('malformed', `${entry.name} is stored with two sizes`)
    }
    return new BytesWindow(bytes, start, end)
  }
  if (entry.method !== 8) {
    throw new ExtractFault('unsupported', `${entry.name} is compressed by method ${entry.method}`)
  }
  if (entry.size > ratioFloor && entry.size > entry.compressedSize * ratioLimit) {
    throw new ExtractFault('limit-exceeded', `${entry.name} inflates more than ${ratioLimit}-fold`)
  }
  return RetainedBytes.of(inflate(bytes.slice(start, end), entry))
}

function inflate(deflated: Buffer, entry: ZipEntry): Buffer {
  if (entry.size === 0) return Buffer.alloc(0)
  try {
    return inflateRawSync(deflated, {
      maxOutputLength: entry.size,
      chunkSize: Math.min(entry.size + 64, 1024 * 1024),
    })
  } catch (cause) {
    throw new ExtractFault('malformed', `${entry.name} does not inflate to ${entry.size} bytes`, { cause })
  }
}

/** Behind the local header, whose extra field may be longer or shorter than the directory's. */
function dataOffset(bytes: Bytes, entry: ZipEntry): number {
  const header = bytes.slice(entry.offset, entry.offset + localLength)
  if (header.length < localLength || header.readUInt32LE(0) !== localSignature) {
    throw new ExtractFault('malformed', `${entry.name} has no local header at offset ${entry.offset}`)
  }
  return entry.offset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28)
}

function isFolder(table: Uint8Array, start: number, end: number): boolean {
  return end > start && table[end - 1] === 0x2f
}

function endsWith(table: Uint8Array, start: number, end: number, ending: Uint8Array): boolean {
  if (ending.length === 0 || end - start < ending.length) return false
  for (let index = 1; index <= ending.length; index++) {
    if (table[end - index] !== ending[ending.length - index]) return false
  }
  return true
}

/** Little-endian, without the argument checks of Buffer's own: a directory may have hundreds of thousands of entries. */
function readShort(table: Uint8Array, at: number): number {
  return table[at] | (table[at + 1] << 8)
}

function readLong(table: Uint8Array, at: number): number {
  return (table[at] | (table[at + 1] << 8) | (table[at + 2] << 16) | (table[at + 3] << 24)) >>> 0
}

function readName(table: Buffer, start: number, end: number): string {
  const name = table.toString('utf8', start, end)
  return name.includes('\\') ? name.replaceAll('\\', '/') : name
}

function readEntry(
  table: Buffer,
  at: number,
  name: string,
  extraStart: number,
  extraEnd: number,
  prepended: number,
): ZipEntry {
  let size = table.readUInt32LE(at + 24)
  let compressedSize = table.readUInt32LE(at + 20)
  let offset = table.readUInt32LE(at + 42)
  if (size === zip64 || compressedSize === zip64 || offset === zip64) {
    // The extra field 1 holds, in this order, only those of the three that did not fit.
    const wide = findExtra(table, extraStart, extraEnd)
    let from = 0
    const take = (): number => {
      if (from + 8 > wide.length) throw new ExtractFault('malformed', `${name} lacks its zip64 sizes`)
      from += 8
      return Number(wide.readBigUInt64LE(from - 8))
    }
    if (size === zip64) size = take()
    if (compressedSize === zip64) compressedSize = take()
    if (offset === zip64) offset = take()
  }
  return {
    name,
    method: table.readUInt16LE(at + 10),
    encrypted: (table.readUInt16LE(at + 8) & 1) === 1,
    compressedSize,
    size,
    offset: offset + prepended,
  }
}

function findExtra(table: Buffer, start: number, end: number): Buffer {
  for (let at = start; at + 4 <= end; ) {
    const length = table.readUInt16LE(at + 2)
    if (table.readUInt16LE(at) === 1) return table.subarray(at + 4, Math.min(at + 4 + length, end))
    at += 4 + length
  }
  return table.subarray(0, 0)
}
