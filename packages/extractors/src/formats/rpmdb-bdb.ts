import type { Bytes } from '../bytes.ts'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'
import { StoredValue } from './stored-value.ts'

const hashMagic = 0x061561
const hashMetaType = 8
const unsortedHashType = 2
const hashType = 13
const overflowType = 7
const metaSize = 72
const pageHeaderSize = 26
const checksumFlag = 1
const inlineItem = 1
const offPageItem = 3
const offPageSize = 12

export function isBdbHash(bytes: Bytes): boolean {
  return readIntegers(bytes) !== undefined
}

/** How the machine that wrote the database ordered the bytes of its integers. */
interface Integers {
  u16(page: Buffer, offset: number): number
  u32(page: Buffer, offset: number): number
}
const littleEndian: Integers = {
  u16: (page, offset) => page.readUInt16LE(offset),
  u32: (page, offset) => page.readUInt32LE(offset),
}
const bigEndian: Integers = {
  u16: (page, offset) => page.readUInt16BE(offset),
  u32: (page, offset) => page.readUInt32BE(offset),
}

function readIntegers(bytes: Bytes): Integers | undefined {
  if (bytes.size < metaSize) return undefined
  const magic = bytes.slice(12, 16)
  if (magic.readUInt32LE(0) === hashMagic) return littleEndian
  return magic.readUInt32BE(0) === hashMagic ? bigEndian : undefined
}

interface Database {
  readonly bytes: Bytes
  readonly integers: Integers
  readonly pageSize: number
  /** Whole pages in the file, and pages as the first of them states. */
  readonly pageCount: number
  readonly statedPages: number
  /** Overflow pages read so far: each belongs to one value, so a second visit is a loop. */
  readonly visited: Uint8Array
}

/**
 * Package headers of a Berkeley DB hash database (Packages): pairs of a key, the package's number, and its header, which
 * lies in the page itself or in a chain of overflow pages. The pair of key 0 counts the numbers given out.
 * Layout of pages: https://github.com/berkeleydb/libdb/blob/master/src/dbinc/db_page.h
 * Throws ExtractFault `malformed`, `truncated` or `unsupported`.
 */
export function* bdbPackages(bytes: Bytes): Generator<Bytes> {
  const database = open(bytes)
  // Every page is looked at, so that no order of buckets matters: freed pages have no type.
  for (let page = 1; page < database.pageCount; page++) {
    const start = page * database.pageSize
    const type = bytes.slice(start + 25, start + 26)[0]
    if (type !== unsortedHashType && type !== hashType) continue
    const content = bytes.slice(start, start + database.pageSize)
    yield* pageValues(database, page, content)
  }
  if (database.statedPages > database.pageCount) {
    throw new ExtractFault(
      'truncated',
      `a Berkeley DB holds ${database.pageCount} of its ${database.statedPages} pages`,
    )
  }
}

function open(bytes: Bytes): Database {
  const integers = readIntegers(bytes)
  if (integers === undefined) throw new ExtractFault('malformed', 'the file is no Berkeley DB hash database')
  const meta = bytes.slice(0, metaSize)
  const pageSize = integers.u32(meta, 20)
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0 || meta[25] !== hashMetaType) {
    throw new ExtractFault(
      'malformed',
      `a Berkeley DB states a page size of ${pageSize} and page type ${meta[25]}`,
    )
  }
  if (meta[24] !== 0 || (meta[26] & checksumFlag) !== 0) {
    throw new ExtractFault('unsupported', 'a Berkeley DB with encryption or checksums is no rpm database')
  }
  const statedPages = integers.u32(meta, 32) + 1
  const pageCount = Math.min(statedPages, Math.floor(bytes.size / pageSize))
  return { bytes, integers, pageSize, pageCount, statedPages, visited: new Uint8Array(pageCount) }
}

/** Items come in pairs; each ends where the one before it begins, the first at the end of the page. */
function* pageValues(database: Database, number: number, page: Buffer): Generator<Bytes> {
  const { integers } = database
  const items = integers.u16(page, 20)
  if (items % 2 !== 0 || pageHeaderSize + items * 2 > page.length) {
    throw new ExtractFault('malformed', `page ${number} of a Berkeley DB states ${items} items`)
  }
  let end = page.length
  for (let index = 0; index < items; index += 2) {
    const keyStart = integers.u16(page, pageHeaderSize + index * 2)
    const valueStart = integers.u16(page, pageHeaderSize + index * 2 + 2)
    if (valueStart < pageHeaderSize + items * 2 || valueStart >= keyStart || keyStart >= end) {
      throw new ExtractFault('malformed', `items of page ${number} of a Berkeley DB overlap`)
    }
    const key = page.subarray(keyStart + 1, end)
    const value = page.subarray(valueStart, keyStart)
    end = valueStart
    if (page[keyStart] === inlineItem && key.every((byte) => byte === 0)) continue
    yield readValue(database, value)
  }
}

function readValue(database: Database, item: Buffer): Bytes {
  const type = item[0]
  if (type === inlineItem) return RetainedBytes.of(item.subarray(1))
  if (type !== offPageItem || item.length < offPageSize) {
    throw new ExtractFault(
      'unsupported',
      `a Berkeley DB holds an item of type ${type}: no rpm database has duplicates`,
    )
  }
  const { bytes, integers, pageSize, pageCount, visited } = database
  const size = integers.u32(item, 8)
  if (size > bytes.size) throw new ExtractFault('malformed', `an item of a Berkeley DB states ${size} bytes`)
  const value = new StoredValue(size)
  let next = integers.u32(item, 4)
  while (value.missing > 0) {
    if (next === 0 || next >= pageCount || visited[next] === 1) {
      throw new ExtractFault(
        'malformed',
        `overflow page ${next} of a Berkeley DB is beyond its end or used twice`,
      )
    }
    visited[next] = 1
    const page = bytes.slice(next * pageSize, (next + 1) * pageSize)
    const length = page.length === pageSize ? integers.u16(page, 22) : 0
    if (
      length === 0 ||
      page[25] !== overflowType ||
      pageHeaderSize + length > pageSize ||
      length > value.missing
    ) {
      throw new ExtractFault(
        'malformed',
        `page ${next} of a Berkeley DB is no overflow page of the value that refers to it`,
      )
    }
    value.add(page.subarray(pageHeaderSize, pageHeaderSize + length))
    next = integers.u32(page, 16)
  }
  return value.bytes()
}
