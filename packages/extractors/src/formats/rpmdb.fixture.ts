import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** An rpmdb.sqlite with these headers, written by SQLite itself. */
export function sqliteFixture(headers: readonly Buffer[], pageSize = 4096, table = 'Packages'): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-rpmdb-'))
  try {
    const path = join(folder, 'rpmdb.sqlite')
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = WAL`)
    database.exec(
      'CREATE TABLE Name (key TEXT NOT NULL, hnum INTEGER NOT NULL); CREATE INDEX n ON Name (key)',
    )
    database.exec(`CREATE TABLE ${table} (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)`)
    const insert = database.prepare(`INSERT INTO ${table} (blob) VALUES (?)`)
    database.exec('BEGIN')
    for (const header of headers) insert.run(header)
    database.exec('COMMIT')
    database.close()
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A Packages.db in NDB's layout: one page of slots, blobs of whole 16-byte blocks with their tails. */
export function ndbFixture(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096)
  slots.write('RpmP', 0, 'latin1')
  slots.writeUInt32LE(1, 8)
  slots.writeUInt32LE(1, 12)
  slots.writeUInt32LE(headers.length + 1, 16)
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1')
  const blobs: Buffer[] = [slots]
  let offset = slots.length
  for (const [at, header] of headers.entries()) {
    const blocks = Math.ceil((16 + header.length + 12) / 16)
    const blob = Buffer.alloc(blocks * 16)
    blob.write('BlbS', 0, 'latin1')
    blob.writeUInt32LE(at + 1, 4)
    blob.writeUInt32LE(1, 8)
    blob.writeUInt32LE(header.length, 12)
    header.copy(blob, 16)
    blob.writeUInt32LE(header.length, blob.length - 8)
    blob.write('BlbE', blob.length - 4, 'latin1')
    slots.writeUInt32LE(at + 1, 32 + at * 16 + 4)
    slots.writeUInt32LE(offset / 16, 32 + at * 16 + 8)
    slots.writeUInt32LE(blocks, 32 + at * 16 + 12)
    blobs.push(blob)
    offset += blob.length
  }
  return Buffer.concat(blobs)
}

/** A Packages in Berkeley DB's hash layout: meta page, one bucket page a header, overflow pages after it. */
export function bdbFixture(
  headers: readonly Buffer[],
  order: 'little' | 'big' = 'little',
  inline = false,
): Buffer {
  const pageSize = inline ? 65536 : 512
  const u16 = (page: Buffer, value: number, at: number) =>
    order === 'little' ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at)
  const u32 = (page: Buffer, value: number, at: number) =>
    order === 'little' ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at)
  const pages: Buffer[] = []
  const add = (type: number): Buffer => {
    const page = Buffer.alloc(pageSize)
    u32(page, pages.length, 8)
    page[25] = type
    pages.push(page)
    return page
  }
  const meta = add(8)
  u32(meta, 0x061561, 12)
  u32(meta, 9, 16)
  u32(meta, pageSize, 20)
  const fill = (page: Buffer, items: readonly Buffer[]) => {
    let end = pageSize
    for (const [at, item] of items.entries()) {
      end -= item.length
      item.copy(page, end)
      u16(page, end, 26 + at * 2)
    }
    u16(page, items.length, 20)
    u16(page, end, 22)
  }
  const keyOf = (number: number): Buffer => {
    const key = Buffer.from([1, 0, 0, 0, 0])
    u32(key, number, 1)
    return key
  }
  fill(add(13), [keyOf(0), keyOf(headers.length)])
  for (const [at, header] of headers.entries()) {
    const bucket = add(at % 2 === 0 ? 13 : 2)
    if (inline) {
      fill(bucket, [keyOf(at + 1), Buffer.concat([Buffer.from([1]), header])])
      continue
    }
    const reference = Buffer.alloc(12)
    reference[0] = 3
    u32(reference, pages.length, 4)
    u32(reference, header.length, 8)
    fill(bucket, [keyOf(at + 1), reference])
    for (let start = 0; start < header.length; start += pageSize - 26) {
      const part = header.subarray(start, start + pageSize - 26)
      const page = add(7)
      u32(page, start + part.length < header.length ? pages.length : 0, 16)
      u16(page, part.length, 22)
      part.copy(page, 26)
    }
  }
  u32(meta, pages.length - 1, 32)
  return Buffer.concat(pages)
}
