import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import { type Executable, Fields, type Region, readExactly } from './executable.ts'

const magic = Buffer.from('\x7fELF', 'latin1')
const executableType = 2
const sharedObjectType = 3
const loadSegment = 1
const writableFlag = 2
const noBits = 8
/** The section number field's own limit; no program or library comes near it. */
const sectionLimit = 65_535
const nameTableLimit = 1024 * 1024

/** Offsets of header fields: the 32-bit and 64-bit layouts differ in the width of words and in the order of some. */
const layouts = {
  narrow: {
    header: {
      size: 52,
      phoff: 28,
      shoff: 32,
      phentsize: 42,
      phnum: 44,
      shentsize: 46,
      shnum: 48,
      shstrndx: 50,
    },
    section: { size: 40, type: 4, addr: 12, offset: 16, bytes: 20, link: 24 },
    segment: { size: 32, offset: 4, addr: 8, bytes: 16, flags: 24 },
  },
  wide: {
    header: {
      size: 64,
      phoff: 32,
      shoff: 40,
      phentsize: 54,
      phnum: 56,
      shentsize: 58,
      shnum: 60,
      shstrndx: 62,
    },
    section: { size: 64, type: 4, addr: 16, offset: 24, bytes: 32, link: 40 },
    segment: { size: 56, offset: 8, addr: 16, bytes: 32, flags: 4 },
  },
}

interface SectionTable {
  readonly headers: Fields
  readonly count: number
  readonly entrySize: number
  readonly names: Buffer
}

/**
 * A program or shared library; undefined for other files, object files and core dumps among them.
 * Throws `truncated` or `malformed` when the ELF header itself cannot be read.
 * https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html (chapters 4 and 5)
 */
export function readElf(bytes: Bytes): Executable | undefined {
  if (bytes.size < 4 || !bytes.slice(0, 4).equals(magic)) return undefined
  const ident = readExactly(bytes, 0, 16, 'ELF identification')
  const [fileClass, encoding] = [ident[4], ident[5]]
  if (fileClass < 1 || fileClass > 2 || encoding < 1 || encoding > 2) {
    throw new ExtractFault(
      'malformed',
      `ELF identification: class ${fileClass} and byte order ${encoding} do not exist`,
    )
  }
  const wide = fileClass === 2
  const layout = wide ? layouts.wide : layouts.narrow
  const header = new Fields(readExactly(bytes, 0, layout.header.size, 'ELF header'), encoding === 1, wide)
  const type = header.u16(16)
  return type === executableType || type === sharedObjectType ? new ElfFile(bytes, header) : undefined
}

class ElfFile implements Executable {
  readonly format = 'elf'
  readonly littleEndian: boolean
  readonly sections: 'listed' | 'absent' | ExtractFault
  readonly #bytes: Bytes
  readonly #header: Fields
  readonly #layout: typeof layouts.wide
  readonly #table: SectionTable | undefined

  constructor(bytes: Bytes, header: Fields) {
    this.#bytes = bytes
    this.#header = header
    this.#layout = header.wide ? layouts.wide : layouts.narrow
    this.littleEndian = header.littleEndian
    try {
      this.#table = this.#readSections()
      this.sections = this.#table ? 'listed' : 'absent'
    } catch (fault) {
      if (!(fault instanceof ExtractFault)) throw fault
      this.sections = fault
    }
  }

  section(name: string): Region | undefined {
    const table = this.#table
    if (table === undefined) return undefined
    const wanted = Buffer.from(`${name}\0`, 'latin1')
    // One look at the names decides for nearly every file; the headers are walked only where the name occurs.
    if (!table.names.includes(wanted)) return undefined
    const { section } = this.#layout
    for (let index = 1; index < table.count; index++) {
      const at = index * table.entrySize
      const start = table.headers.u32(at)
      if (start + wanted.length > table.names.length) continue
      if (table.names.compare(wanted, 0, wanted.length, start, start + wanted.length) !== 0) continue
      if (table.headers.u32(at + section.type) === noBits) continue
      return {
        offset: table.headers.word(at + section.offset),
        size: table.headers.word(at + section.bytes),
        address: table.headers.word(at + section.addr),
      }
    }
    return undefined
  }

  writable(): readonly Region[] {
    return this.#segments((flags) => (flags & writableFlag) !== 0)
  }

  mapped(): readonly Region[] {
    return this.#segments(() => true)
  }

  #segments(keep: (flags: number) => boolean): Region[] {
    const { header, segment } = this.#layout
    const offset = this.#header.word(header.phoff)
    const entrySize = this.#header.u16(header.phentsize)
    const count = this.#header.u16(header.phnum)
    if (count === 0) return []
    if (entrySize < segment.size) {
      throw new ExtractFault('malformed', `ELF program headers: ${entrySize} bytes are too few for one`)
    }
    const table = readExactly(this.#bytes, offset, entrySize * count, 'ELF program headers')
    const fields = new Fields(table, this.#header.littleEndian, this.#header.wide)
    const regions: Region[] = []
    for (let at = 0; at < table.length; at += entrySize) {
      if (fields.u32(at) !== loadSegment || !keep(fields.u32(at + segment.flags))) continue
      regions.push({
        offset: fields.word(at + segment.offset),
        size: fields.word(at + segment.bytes),
        address: fields.word(at + segment.addr),
      })
    }
    return regions
  }

  #readSections(): SectionTable | undefined {
    const { header, section } = this.#layout
    const offset = this.#header.word(header.shoff)
    if (offset === 0) return undefined
    const entrySize = this.#header.u16(header.shentsize)
    let count = this.#header.u16(header.shnum)
    let namesIndex = this.#header.u16(header.shstrndx)
    if (entrySize < section.size) {
      throw new ExtractFault('malformed', `ELF section headers: ${entrySize} bytes are too few for one`)
    }
    // Numbers that do not fit their fields are kept in the first section header (chapter 4, e_shnum and e_shstrndx).
    if (count === 0 || namesIndex === 0xffff) {
      const first = this.#fields(readExactly(this.#bytes, offset, section.size, 'ELF section header 0'))
      if (count === 0) count = first.word(section.bytes)
      if (namesIndex === 0xffff) namesIndex = first.u32(section.link)
    }
    if (count === 0) return undefined
    if (count > sectionLimit) {
      throw new ExtractFault('limit-exceeded', `ELF section headers: ${count} are more than ${sectionLimit}`)
    }
    if (namesIndex === 0) return undefined
    if (namesIndex >= count) {
      throw new ExtractFault(
        'malformed',
        `ELF section names: section ${namesIndex} of ${count} does not exist`,
      )
    }
    const headers = this.#fields(readExactly(this.#bytes, offset, entrySize * count, 'ELF section headers'))
    const at = namesIndex * entrySize
    const size = headers.word(at + section.bytes)
    if (size > nameTableLimit) {
      throw new ExtractFault(
        'limit-exceeded',
        `ELF section names: ${size} bytes are more than ${nameTableLimit}`,
      )
    }
    const names = readExactly(this.#bytes, headers.word(at + section.offset), size, 'ELF section names')
    return { headers, count, entrySize, names }
  }

  #fields(buffer: Buffer): Fields {
    return new Fields(buffer, this.#header.littleEndian, this.#header.wide)
  }
}
