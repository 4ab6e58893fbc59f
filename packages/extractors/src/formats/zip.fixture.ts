import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFixtureEntry {
  readonly name: string
  readonly content: Buffer | string
  /** Stored instead of deflated. */
  readonly stored?: boolean
  /** Sizes and CRC behind the content instead of in the local header, as streaming writers do. */
  readonly descriptor?: boolean
  /** Sizes and offset in zip64 extra fields. */
  readonly wide?: boolean
  /** Declared inflated size in place of the true one. */
  readonly claim?: number
  /** Offset of another local header in place of the entry's own. */
  readonly offset?: number
  /** General purpose flags to add, compression method in place of the true one. */
  readonly flags?: number
  readonly method?: number
}

/** A zip archive for tests, byte by byte, so that broken ones can be written too. */
export function zipOf(entries: readonly ZipFixtureEntry[], wide = false): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const content = Buffer.from(entry.content)
    const stored = entry.stored ?? false
    const body = stored ? content : deflateRawSync(content)
    const name = Buffer.from(entry.name)
    const method = entry.method ?? (stored ? 0 : 8)
    const flags = (entry.descriptor ? 8 : 0) | (entry.flags ?? 0)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    if (!entry.descriptor) {
      local.writeUInt32LE(crc32(content), 14)
      local.writeUInt32LE(body.length, 18)
      local.writeUInt32LE(content.length, 22)
    }
    local.writeUInt16LE(name.length, 26)
    const own = offset
    const written = [local, name, body]
    if (entry.descriptor) {
      const descriptor = Buffer.alloc(16)
      descriptor.writeUInt32LE(0x08074b50, 0)
      descriptor.writeUInt32LE(crc32(content), 4)
      descriptor.writeUInt32LE(body.length, 8)
      descriptor.writeUInt32LE(content.length, 12)
      written.push(descriptor)
    }
    for (const piece of written) offset += piece.length
    parts.push(...written)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(flags, 8)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(crc32(content), 16)
    central.writeUInt16LE(name.length, 28)
    const size = entry.claim ?? content.length
    const at = entry.offset ?? own
    let extra = Buffer.alloc(0)
    if (entry.wide) {
      extra = Buffer.alloc(28)
      extra.writeUInt16LE(1, 0)
      extra.writeUInt16LE(24, 2)
      extra.writeBigUInt64LE(BigInt(size), 4)
      extra.writeBigUInt64LE(BigInt(body.length), 12)
      extra.writeBigUInt64LE(BigInt(at), 20)
    }
    central.writeUInt32LE(entry.wide ? 0xffffffff : body.length, 20)
    central.writeUInt32LE(entry.wide ? 0xffffffff : size, 24)
    central.writeUInt16LE(extra.length, 30)
    central.writeUInt32LE(entry.wide ? 0xffffffff : at, 42)
    directory.push(central, name, extra)
  }
  const table = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(wide ? 0xffff : entries.length, 8)
  end.writeUInt16LE(wide ? 0xffff : entries.length, 10)
  end.writeUInt32LE(wide ? 0xffffffff : table.length, 12)
  end.writeUInt32LE(wide ? 0xffffffff : offset, 16)
  const wideEnd = Buffer.alloc(wide ? 76 : 0)
  if (wide) {
    wideEnd.writeUInt32LE(0x06064b50, 0)
    wideEnd.writeBigUInt64LE(44n, 4)
    wideEnd.writeBigUInt64LE(BigInt(entries.length), 24)
    wideEnd.writeBigUInt64LE(BigInt(entries.length), 32)
    wideEnd.writeBigUInt64LE(BigInt(table.length), 40)
    wideEnd.writeBigUInt64LE(BigInt(offset), 48)
    wideEnd.writeUInt32LE(0x07064b50, 56)
    wideEnd.writeBigUInt64LE(BigInt(offset + table.length), 64)
    wideEnd.writeUInt32LE(1, 72)
  }
  return Buffer.concat([...parts, table, wideEnd, end])
}

/** The common case: whole files by their names, deflated. */
export function zip(files: Readonly<Record<string, Buffer | string>>): Buffer {
  return zipOf(Object.entries(files).map(([name, content]) => ({ name, content })))
}
