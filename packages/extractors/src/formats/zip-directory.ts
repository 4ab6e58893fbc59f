import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'

export interface ZipDirectory {
  /** Offsets of the central directory. */
  readonly start: number
  readonly end: number
  /** Entries as the end record counts them; modulo 65536 where a tool without zip64 wrote more. */
  readonly entries: number
  /** Bytes in front of the archive that its offsets do not count (a launch script). */
  readonly prepended: number
}

const endSignature = 0x06054b50
const endLength = 22
const commentLimit = 0xffff
const locatorSignature = 0x07064b50
const locatorLength = 20
const wideEndSignature = 0x06064b50
const wideEndLength = 56
const centralSignature = 0x02014b50

/**
 * Finds the central directory from the end record, zip64 included.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (sections 4.3.14 to 4.3.16)
 */
export function locateZipDirectory(bytes: Bytes): ZipDirectory {
  const tailStart = Math.max(0, bytes.size - endLength - commentLimit)
  const tail = bytes.slice(tailStart)
  const found = findEnd(tail)
  if (found < 0)
    throw new ExtractFault('malformed', `no zip archive: ${bytes.size} bytes without an end record`)
  let recordStart = tailStart + found
  let entries = tail.readUInt16LE(found + 10)
  let length = tail.readUInt32LE(found + 12)
  let offset = tail.readUInt32LE(found + 16)
  if (entries === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
    const wide = findWideEnd(bytes, recordStart)
    if (wide) ({ start: recordStart, entries, length, offset } = wide)
  }
  // The directory ends where its end record starts, whatever lies in front of the archive.
  const start = recordStart - length
  if (start < 0 || offset > bytes.size) {
    throw new ExtractFault('malformed', `the zip directory of ${length} bytes does not fit in ${bytes.size}`)
  }
  if (length === 0) return { start, end: start, entries, prepended: 0 }
  if (isDirectory(bytes, start))
    return { start, end: recordStart, entries, prepended: Math.max(0, start - offset) }
  // Something (a signature block) lies between directory and end record.
  if (isDirectory(bytes, offset)) return { start: offset, end: offset + length, entries, prepended: 0 }
  throw new ExtractFault('malformed', `no zip directory at offset ${offset}`)
}

/** The last end record whose comment reaches the end of the file exactly, else the last whose comment fits. */
function findEnd(tail: Buffer): number {
  let fitting = -1
  for (let at = tail.length - endLength; at >= 0; at--) {
    at = tail.lastIndexOf('PK\x05\x06', at, 'latin1')
    if (at < 0) break
    if (at + endLength > tail.length || tail.readUInt32LE(at) !== endSignature) continue
    const end = at + endLength + tail.readUInt16LE(at + 20)
    if (end === tail.length) return at
    if (end < tail.length && fitting < 0) fitting = at
  }
  return fitting
}

interface WideEnd {
  readonly start: number
  readonly entries: number
  readonly length: number
  readonly offset: number
}

function findWideEnd(bytes: Bytes, endStart: number): WideEnd | undefined {
  const locatorStart = endStart - locatorLength
  if (locatorStart < 0) return undefined
  const locator = bytes.slice(locatorStart, endStart)
  if (locator.readUInt32LE(0) !== locatorSignature) return undefined
  const stated = Number(locator.readBigUInt64LE(8))
  // With bytes prepended the stated offset is too low; the record usually lies right in front of its locator.
  for (const start of [stated, locatorStart - wideEndLength]) {
    if (start < 0 || start + wideEndLength > locatorStart) continue
    const record = bytes.slice(start, start + wideEndLength)
    if (record.readUInt32LE(0) !== wideEndSignature) continue
    return {
      start,
      entries: Number(record.readBigUInt64LE(32)),
      length: Number(record.readBigUInt64LE(40)),
      offset: Number(record.readBigUInt64LE(48)),
    }
  }
  throw new ExtractFault('malformed', 'the zip64 end record is not where its locator says')
}

function isDirectory(bytes: Bytes, start: number): boolean {
  const head = bytes.slice(start, start + 4)
  return head.length === 4 && head.readUInt32LE(0) === centralSignature
}
