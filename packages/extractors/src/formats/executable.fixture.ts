/** Small programs laid out by hand after the specifications, for tests. */

export interface FixtureSection {
  readonly name: string
  readonly content: Buffer
  /** Where it is mapped; its segment is readable and writable. */
  readonly address?: number
}

export interface FixtureShape {
  readonly wide?: boolean
  readonly littleEndian?: boolean
}

const defaults = { wide: true, littleEndian: true }

/** Writes numbers one after the other in one byte order; words take 4 or 8 bytes. */
class Writer {
  readonly #parts: Buffer[] = []
  readonly #shape: Required<FixtureShape>
  length = 0

  constructor(shape: Required<FixtureShape>) {
    this.#shape = shape
  }

  bytes(content: Buffer): this {
    this.#parts.push(content)
    this.length += content.length
    return this
  }

  text(content: string, width: number): this {
    const buffer = Buffer.alloc(width)
    buffer.write(content, 'latin1')
    return this.bytes(buffer)
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const buffer = Buffer.alloc(2)
      if (this.#shape.littleEndian) buffer.writeUInt16LE(value)
      else buffer.writeUInt16BE(value)
      this.bytes(buffer)
    }
    return this
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const buffer = Buffer.alloc(4)
      if (this.#shape.littleEndian) buffer.writeUInt32LE(value)
      else buffer.writeUInt32BE(value)
      this.bytes(buffer)
    }
    return this
  }

  word(...values: number[]): this {
    if (!this.#shape.wide) return this.u32(...values)
    for (const value of values) {
      const buffer = Buffer.alloc(8)
      if (this.#shape.littleEndian) buffer.writeBigUInt64LE(BigInt(value))
      else buffer.writeBigUInt64BE(BigInt(value))
      this.bytes(buffer)
    }
    return this
  }

  done(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** Places content at multiples of 16 from `start`. */
function place<T extends FixtureSection>(sections: readonly T[], start: number): (T & { offset: number })[] {
  let offset = start
  return sections.map((section) => {
    offset = Math.ceil(offset / 16) * 16
    const placed = { ...section, offset }
    offset += section.content.length
    return placed
  })
}

function paste(size: number, parts: readonly { offset: number; content: Buffer }[]): Buffer {
  const file = Buffer.alloc(size)
  for (const { offset, content } of parts) content.copy(file, offset)
  return file
}

const end = (parts: readonly { offset: number; content: Buffer }[]) =>
  Math.max(...parts.map(({ offset, content }) => offset + content.length))

/** ELF: header, program headers (one per mapped section), contents, names, section headers. */
export function elfFixture(
  sections: readonly FixtureSection[],
  options: FixtureShape & { type?: number; listed?: boolean } = {},
): Buffer {
  const shape = { ...defaults, ...options }
  const { wide } = shape
  const [headerSize, segmentSize, sectionSize] = wide ? [64, 56, 64] : [52, 32, 40]
  const mapped = sections.filter(({ address }) => address !== undefined)
  const names = Buffer.from(`\0${[...sections.map(({ name }) => name), '.shstrtab'].join('\0')}\0`, 'latin1')
  const placed = place(
    [...sections, { name: '.shstrtab', content: names }],
    headerSize + mapped.length * segmentSize,
  )
  const tableOffset = Math.ceil(end(placed) / 16) * 16
  const listed = options.listed ?? true

  const header = new Writer(shape)
    .bytes(
      Buffer.from([
        0x7f,
        0x45,
        0x4c,
        0x46,
        wide ? 2 : 1,
        shape.littleEndian ? 1 : 2,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ]),
    )
    .u16(options.type ?? 2, 0)
    .u32(1)
    .word(0, headerSize, listed ? tableOffset : 0)
    .u32(0)
    .u16(headerSize, segmentSize, mapped.length, listed ? sectionSize : 0)
    .u16(listed ? placed.length + 1 : 0, listed ? placed.length : 0)
  const segments = new Writer(shape)
  for (const { offset, content, address = 0 } of placed.filter((section) =>
    mapped.some(({ name }) => name === section.name),
  )) {
    const [size, readWrite, load] = [content.length, 6, 1]
    if (wide) segments.u32(load, readWrite).word(offset, address, address, size, size, 16)
    else segments.u32(load, offset, address, address, size, size, readWrite, 16)
  }
  const table = new Writer(shape).bytes(Buffer.alloc(sectionSize))
  for (const { name, content, offset, address = 0 } of placed) {
    const type = name === '.shstrtab' ? 3 : 1
    table.u32(names.indexOf(`\0${name}\0`, 0, 'latin1') + 1, type).word(0, address, offset, content.length)
    table.u32(0, 0).word(1, 0)
  }
  const parts = [
    { offset: 0, content: header.done() },
    { offset: headerSize, content: segments.done() },
    ...placed,
    ...(listed ? [{ offset: tableOffset, content: table.done() }] : []),
  ]
  return paste(end(parts), parts)
}

export const peImageBase = 0x40_0000

/** PE: DOS stub of 64 bytes, COFF header, optional header, section table, contents (initialised, writable). */
export function peFixture(sections: readonly FixtureSection[], options: { wide?: boolean } = {}): Buffer {
  const wide = options.wide ?? true
  const shape = { wide, littleEndian: true }
  const optionalSize = wide ? 112 : 96
  const placed = place(sections, 64 + 24 + optionalSize + sections.length * 40)
  const header = new Writer(shape)
    .text('MZ', 60)
    .u32(64)
    .text('PE', 4)
    .u16(0x8664, sections.length)
    .u32(0, 0, 0)
    .u16(optionalSize, 0x22)
  const optional = new Writer(shape).u16(wide ? 0x20b : 0x10b)
  optional.bytes(Buffer.alloc(wide ? 22 : 26)).word(peImageBase)
  optional.bytes(Buffer.alloc(optionalSize - optional.length))
  const table = new Writer(shape)
  for (const { name, content, offset, address = 0x1000 } of placed) {
    table.text(name, 8).u32(content.length, address, content.length, offset, 0, 0).u16(0, 0).u32(0xc000_0040)
  }
  const front = Buffer.concat([header.done(), optional.done(), table.done()])
  return paste(end([{ offset: 0, content: front }, ...placed]), [{ offset: 0, content: front }, ...placed])
}

/** Mach-O: header, one writable segment a section, contents. */
export function machOFixture(sections: readonly FixtureSection[], options: FixtureShape = {}): Buffer {
  const shape = { ...defaults, ...options }
  const { wide } = shape
  const [headerSize, segmentSize, sectionSize] = wide ? [32, 72, 80] : [28, 56, 68]
  const commandSize = segmentSize + sectionSize
  const placed = place(sections, headerSize + sections.length * commandSize)
  const header = new Writer(shape).u32(
    wide ? 0xfeedfacf : 0xfeedface,
    0x0100_0007,
    3,
    2,
    sections.length,
    sections.length * commandSize,
    0,
  )
  if (wide) header.u32(0)
  const commands = new Writer(shape)
  for (const { name, content, offset, address = 0 } of placed) {
    commands.u32(wide ? 0x19 : 1, commandSize).text('__DATA', 16)
    commands.word(address, content.length, offset, content.length).u32(7, 3, 1, 0)
    commands.text(name, 16).text('__DATA', 16).word(address, content.length)
    commands.u32(offset, 4, 0, 0, 0, 0, 0)
    if (wide) commands.u32(0)
  }
  const front = Buffer.concat([header.done(), commands.done()])
  return paste(end([{ offset: 0, content: front }, ...placed]), [{ offset: 0, content: front }, ...placed])
}

/** Universal Mach-O: the given programs one after the other. */
export function fatFixture(programs: readonly Buffer[], options: { wide?: boolean } = {}): Buffer {
  const wide = options.wide ?? false
  const writer = new Writer({ wide, littleEndian: false }).u32(
    wide ? 0xcafebabf : 0xcafebabe,
    programs.length,
  )
  const placed = place(
    programs.map((content) => ({ name: '', content })),
    8 + programs.length * (wide ? 32 : 20),
  )
  for (const { offset, content } of placed) {
    writer.u32(0x0100_0007, 3).word(offset, content.length).u32(4)
    if (wide) writer.u32(0)
  }
  return paste(end(placed), [{ offset: 0, content: writer.done() }, ...placed])
}
