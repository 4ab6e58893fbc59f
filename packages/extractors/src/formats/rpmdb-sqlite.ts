import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import { StoredValue } from './stored-value.ts'

const magic = Buffer.from('SQLite format 3\0')
const interiorTable = 5
const leafTable = 13
const depthLimit = 64
const schemaRowLimit = 64 * 1024

export function isSqlite(bytes: Bytes): boolean {
  return bytes.size >= magic.length && bytes.slice(0, magic.length).equals(magic)
}

interface Database {
  readonly bytes: Bytes
  readonly pageSize: number
  /** Page size less the bytes reserved at the end of each page. */
  readonly usable: number
  readonly pageCount: number
  /** Bytes by its header; 0 where the header is older than the last change (section 1.3.7). */
  readonly statedSize: number
  /** Pages read so far, by number: each belongs to one place of one tree, so a second visit is a loop. */
  readonly visited: Uint8Array
}

/**
 * Package headers of an rpmdb.sqlite: the blobs of its table `Packages (hnum INTEGER PRIMARY KEY, blob BLOB)`, by hnum.
 * Reads what the main file holds; a write-ahead log is another file. https://www.sqlite.org/fileformat2.html
 * Throws ExtractFault `malformed`, `truncated` or `unsupported`.
 */
export function* sqlitePackages(bytes: Bytes): Generator<Bytes> {
  const database = open(bytes)
  const root = findPackages(database)
  for (const record of rows(database, root)) {
    const start = valueRange(record.first, 1)
    if (start === undefined || start.kind !== 'blob') {
      throw new ExtractFault('malformed', 'a row of the table Packages has no blob in its second column')
    }
    if (start.offset + start.size !== record.size) {
      throw new ExtractFault('malformed', 'a row of the table Packages is longer or shorter than its columns')
    }
    yield record.value.bytes(start.offset)
  }
  if (database.statedSize > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `an SQLite database holds ${bytes.size} of its ${database.statedSize} bytes`,
    )
  }
}

function open(bytes: Bytes): Database {
  if (!isSqlite(bytes) || bytes.size < 100)
    throw new ExtractFault('malformed', 'the file is no SQLite database')
  const header = bytes.slice(0, 100)
  const stated = header.readUInt16BE(16)
  const pageSize = stated === 1 ? 65536 : stated
  const usable = pageSize - header[20]
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480) {
    throw new ExtractFault('malformed', `an SQLite database states a page size of ${stated}`)
  }
  const encoding = header.readUInt32BE(56)
  if (encoding > 1)
    throw new ExtractFault('unsupported', 'an SQLite database with text in UTF-16 is no rpm database')
  const pageCount = Math.ceil(bytes.size / pageSize)
  const statedSize =
    header.readUInt32BE(24) === header.readUInt32BE(92) ? header.readUInt32BE(28) * pageSize : 0
  return { bytes, pageSize, usable, pageCount, statedSize, visited: new Uint8Array(pageCount + 1) }
}

function visit(database: Database, page: number): number {
  if (page < 1 || page > database.pageCount) {
    throw new ExtractFault(
      'truncated',
      `an SQLite database of ${database.pageCount} pages refers to page ${page}`,
    )
  }
  if (database.visited[page] === 1)
    throw new ExtractFault('malformed', `page ${page} of an SQLite database is used twice`)
  database.visited[page] = 1
  return (page - 1) * database.pageSize
}

interface Row {
  /** Bytes of the record. */
  readonly size: number
  /** What of the record lies in the leaf itself: its header always does. */
  readonly first: Buffer
  readonly value: StoredValue
}

/** Rows of a table b-tree in the order of their rowid. Section 1.6 of the file format. */
function* rows(database: Database, root: number): Generator<Row> {
  const pending: { page: number; depth: number }[] = [{ page: root, depth: 0 }]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const start = visit(database, node.page)
    const page = database.bytes.slice(start, start + database.usable)
    if (page.length < database.usable)
      throw new ExtractFault('truncated', `page ${node.page} of an SQLite database is cut off`)
    const header = node.page === 1 ? 100 : 0
    const type = page[header]
    const cells = page.readUInt16BE(header + 3)
    const pointers = header + (type === interiorTable ? 12 : 8)
    if ((type !== interiorTable && type !== leafTable) || pointers + cells * 2 > page.length) {
      throw new ExtractFault('malformed', `page ${node.page} of an SQLite database is no page of a table`)
    }
    if (type === leafTable) {
      for (let cell = 0; cell < cells; cell++)
        yield readCell(database, page, page.readUInt16BE(pointers + cell * 2))
      continue
    }
    if (node.depth >= depthLimit)
      throw new ExtractFault('malformed', `a table of an SQLite database is deeper than ${depthLimit}`)
    pending.push({ page: page.readUInt32BE(header + 8), depth: node.depth + 1 })
    for (let cell = cells - 1; cell >= 0; cell--) {
      const offset = page.readUInt16BE(pointers + cell * 2)
      if (offset + 4 > page.length)
        throw new ExtractFault('malformed', `a cell of page ${node.page} lies outside of it`)
      pending.push({ page: page.readUInt32BE(offset), depth: node.depth + 1 })
    }
  }
}

/** A leaf cell: varint size, varint rowid, the record's first bytes, the number of its first overflow page. */
function readCell(database: Database, page: Buffer, offset: number): Row {
  const [size, afterSize] = readVarint(page, offset)
  const [, start] = readVarint(page, afterSize)
  if (size > database.bytes.size) throw new ExtractFault('malformed', `an SQLite record states ${size} bytes`)
  const local = localSize(size, database.usable)
  const end = start + local
  if (end + (local < size ? 4 : 0) > page.length)
    throw new ExtractFault('malformed', 'an SQLite record runs over its page')
  const first = page.subarray(start, end)
  const value = new StoredValue(size)
  value.add(first)
  let next = local < size ? page.readUInt32BE(end) : 0
  while (value.missing > 0) {
    const at = visit(database, next)
    const overflow = database.bytes.slice(at, at + Math.min(database.usable, 4 + value.missing))
    if (overflow.length <= 4)
      throw new ExtractFault('truncated', `overflow page ${next} of an SQLite database is cut off`)
    value.add(overflow.subarray(4))
    next = overflow.readUInt32BE(0)
  }
  return { size, first, value }
}

/** How much of a record stays in a table leaf. Section 1.6: "Cell payload overflow pages". */
function localSize(size: number, usable: number): number {
  const largest = usable - 35
  if (size <= largest) return size
  const smallest = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = smallest + ((size - smallest) % (usable - 4))
  return fitting <= largest ? fitting : smallest
}

/** A big-endian base-128 integer of up to nine bytes, and the offset after it; beyond 2^53 it loses precision, not shape. */
function readVarint(page: Buffer, offset: number): [value: number, next: number] {
  let value = 0
  for (let at = 0; at < 9; at++) {
    const byte = page[offset + at]
    if (byte === undefined)
      throw new ExtractFault('malformed', 'an integer of an SQLite database runs over its page')
    if (at === 8) return [value * 256 + byte, offset + 9]
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return [value, offset + at + 1]
  }
  return [value, offset + 9]
}

interface ValueRange {
  readonly kind: 'null' | 'number' | 'text' | 'blob'
  readonly offset: number
  readonly size: number
}

/** Where a record keeps the value of a column. Section 2.1: record header with a serial type for each column. */
function valueRange(record: Buffer, column: number): ValueRange | undefined {
  const [headerSize, first] = readVarint(record, 0)
  let at = first
  let offset = headerSize
  for (let index = 0; at < headerSize; index++) {
    const [serial, next] = readVarint(record, at)
    const value = rangeOf(serial, offset)
    if (index === column) return value
    offset += value.size
    at = next
  }
  return undefined
}

const numberSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

function rangeOf(serial: number, offset: number): ValueRange {
  if (serial >= 12)
    return { kind: serial % 2 === 0 ? 'blob' : 'text', offset, size: Math.floor((serial - 12) / 2) }
  const size = numberSizes[serial]
  if (size === undefined)
    throw new ExtractFault('malformed', 'a record of an SQLite database uses a reserved type')
  return { kind: serial === 0 ? 'null' : 'number', offset, size }
}

/** Root page of the table Packages, from the schema table at page 1 (type, name, tbl_name, rootpage, sql). */
function findPackages(database: Database): number {
  for (const { size, value } of rows(database, 1)) {
    const record = value.bytes().slice(0, Math.min(size, schemaRowLimit))
    if (textAt(record, 0) !== 'table' || textAt(record, 1)?.toLowerCase() !== 'packages') continue
    const root = valueRange(record, 3)
    if (root?.kind !== 'number' || root.size === 0 || root.offset + root.size > record.length) break
    return root.size <= 6 ? record.readUIntBE(root.offset, root.size) : 0
  }
  throw new ExtractFault('malformed', 'an SQLite database without a table Packages is no rpm database')
}

function textAt(record: Buffer, column: number): string | undefined {
  const value = valueRange(record, column)
  return value?.kind === 'text' ? record.toString('utf8', value.offset, value.offset + value.size) : undefined
}
