import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'

/** A clock for tests. */
export const now = () => new Date('2026-06-01T12:00:00Z')

/** A folder that is gone when the test is over: `using folder = temporaryFolder()`. */
export function temporaryFolder(): Disposable & {
  readonly path: string
  write(name: string, content: string | Buffer): string
} {
  const path = mkdtempSync(join(tmpdir(), 'lanner-advisories-'))
  return {
    path,
    write(name, content) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true })
    },
  }
}

export interface OsvRecord {
  readonly id: string
  readonly modified: string
  readonly [field: string]: unknown
}

/** A record that says: `name` of `ecosystem` is affected up to `fixed`. */
export function osvRecord(
  id: string,
  ecosystem: string,
  name: string,
  fixed: string,
  more: object = {},
): OsvRecord {
  return {
    schema_version: '1.7.0',
    id,
    modified: '2026-01-01T00:00:00Z',
    affected: [affects(ecosystem, name, fixed)],
    ...more,
  }
}

export function affects(ecosystem: string, name: string, fixed: string): object {
  return {
    package: { ecosystem, name },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
  }
}

/** An archive as the OSV bucket has them. */
export function zipOf(records: readonly OsvRecord[]): Buffer {
  return zip(
    records.map((record) => ({ name: `${record.id}.json`, content: Buffer.from(JSON.stringify(record)) })),
  )
}

export interface ZipFile {
  readonly name: string
  readonly content: Buffer
  /** Written in place of the real ones, to break the archive. */
  readonly crc?: number
  readonly size?: number
  readonly stored?: boolean
}

/** APPNOTE.TXT 4.3: local header, content, and so on; then the directory and its end. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, crc = crc32(content), size = content.length, stored } of files) {
    const packed = stored ? content : deflateRawSync(content)
    const bytes = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(stored ? 0 : 8, 8)
    local.writeUInt16LE(bytes.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(stored ? 0 : 8, 10)
    entry.writeUInt32LE(crc, 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(size, 24)
    entry.writeUInt16LE(bytes.length, 28)
    entry.writeUInt32LE(offset, 42)
    parts.push(local, bytes, packed)
    directory.push(entry, bytes)
    offset += 30 + bytes.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}
