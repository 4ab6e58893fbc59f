import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import { type Executable, Fields, fixedName, type Region, readExactly } from './executable.ts'

/** Magic numbers as a big-endian read of the first four bytes sees them. */
const thin = new Map([
  [0xfeedface, { littleEndian: false, wide: false }],
  [0xcefaedfe, { littleEndian: true, wide: false }],
  [0xfeedfacf, { littleEndian: false, wide: true }],
  [0xcffaedfe, { littleEndian: true, wide: true }],
])
const fat32 = 0xcafebabe
const fat64 = 0xcafebabf
/** Java class files begin with the same four bytes and then a version of 45 or more. */
const sliceLimit = 44
const commandLimit = 65_536
const commandBytesLimit = 1024 * 1024
const sectionLimit = 65_536
const segmentCommand = 0x1
const segmentCommand64 = 0x19
const writeProtection = 2
const zeroFill = 1

interface Segment extends Region {
  readonly protection: number
}

interface Section extends Region {
  readonly name: string
}

/**
 * The programs in a Mach-O file: one, or one per architecture of a universal ("fat") file; none in any other file.
 * Offsets are those of the whole file. A slice that is no Mach-O (a static library) is passed over.
 * https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h (and fat.h)
 */
export function readMachO(bytes: Bytes): readonly Executable[] {
  if (bytes.size < 8) return []
  const head = bytes.slice(0, 8)
  const magic = head.readUInt32BE(0)
  if (thin.has(magic)) return [readThin(bytes, 0, bytes.size)]
  if (magic !== fat32 && magic !== fat64) return []
  const count = head.readUInt32BE(4)
  if (count === 0 || count > sliceLimit) return []
  const wide = magic === fat64
  const entrySize = wide ? 32 : 20
  const table = new Fields(readExactly(bytes, 8, count * entrySize, 'universal Mach-O header'), false, wide)
  const programs: Executable[] = []
  // Two entries for the same bytes say nothing new.
  const seen = new Set<number>()
  for (let index = 0; index < count; index++) {
    const at = index * entrySize + 8
    const offset = table.word(at)
    const size = table.word(at + (wide ? 8 : 4))
    if (offset + size > bytes.size) {
      throw new ExtractFault(
        'truncated',
        `universal Mach-O: slice ${index} of ${size} bytes at ${offset} reaches beyond the end of a file of ${bytes.size} bytes`,
      )
    }
    if (size < 8 || seen.has(offset) || !thin.has(bytes.slice(offset, offset + 4).readUInt32BE(0))) continue
    seen.add(offset)
    programs.push(readThin(bytes, offset, offset + size))
  }
  return programs
}

function readThin(bytes: Bytes, start: number, end: number): Executable {
  const order = thin.get(bytes.slice(start, start + 4).readUInt32BE(0))
  if (order === undefined) throw new ExtractFault('malformed', `Mach-O header: no magic number at ${start}`)
  const headerSize = order.wide ? 32 : 28
  const header = new Fields(
    readExactly(bytes, start, headerSize, 'Mach-O header'),
    order.littleEndian,
    order.wide,
  )
  const count = header.u32(16)
  const size = header.u32(20)
  if (count > commandLimit || size > commandBytesLimit) {
    throw new ExtractFault(
      'limit-exceeded',
      `Mach-O load commands: ${count} in ${size} bytes are more than ${commandLimit} in ${commandBytesLimit}`,
    )
  }
  const commands = readExactly(bytes, start + headerSize, size, 'Mach-O load commands')
  const fields = new Fields(commands, order.littleEndian, order.wide)
  const segments: Segment[] = []
  const sections: Section[] = []
  for (let index = 0, at = 0; index < count; index++) {
    if (at + 8 > size) {
      throw new ExtractFault(
        'malformed',
        `Mach-O load commands: command ${index} of ${count} lies outside of them`,
      )
    }
    const commandSize = fields.u32(at + 4)
    if (commandSize < 8 || at + commandSize > size) {
      throw new ExtractFault('malformed', `Mach-O load commands: command ${index} has ${commandSize} bytes`)
    }
    const command = fields.u32(at)
    if (command === (order.wide ? segmentCommand64 : segmentCommand)) {
      readSegment(fields, at, commandSize, start, end, segments, sections)
    }
    at += commandSize
  }
  return {
    format: 'mach-o',
    littleEndian: order.littleEndian,
    sections: 'listed',
    section: (name) => {
      const found = sections.find((section) => section.name === name)
      if (found && found.offset + found.size > end) {
        throw new ExtractFault(
          'truncated',
          `Mach-O section ${name}: ${found.size} bytes at ${found.offset} reach beyond the end at ${end}`,
        )
      }
      return found
    },
    writable: () => segments.filter(({ protection }) => (protection & writeProtection) !== 0),
    mapped: () => segments,
  }
}

/**
 * Adds one segment, if its bytes lie between `start` and `end` of the file, and its sections that have bytes. In a file of
 * debug symbols the sections of the program are named, with a size and no offset.
 */
function readSegment(
  fields: Fields,
  at: number,
  commandSize: number,
  start: number,
  end: number,
  segments: Segment[],
  sections: Section[],
): void {
  const word = fields.wide ? 8 : 4
  const headerSize = fields.wide ? 72 : 56
  const sectionSize = fields.wide ? 80 : 68
  if (commandSize < headerSize) {
    throw new ExtractFault('malformed', `Mach-O segment: ${commandSize} bytes are too few for its header`)
  }
  const region = {
    address: fields.word(at + 24),
    offset: start + fields.word(at + 24 + 2 * word),
    size: fields.word(at + 24 + 3 * word),
  }
  const protection = fields.u32(at + 24 + 4 * word + 4)
  if (region.size > 0 && region.offset + region.size <= end) segments.push({ ...region, protection })
  const count = fields.u32(at + headerSize - 8)
  if (
    count > Math.floor((commandSize - headerSize) / sectionSize) ||
    sections.length + count > sectionLimit
  ) {
    throw new ExtractFault(
      'malformed',
      `Mach-O segment: ${count} sections do not fit into ${commandSize} bytes`,
    )
  }
  for (let index = 0; index < count; index++) {
    const section = at + headerSize + index * sectionSize
    const type = fields.u32(section + 32 + 2 * word + 16) & 0xff
    const offset = fields.u32(section + 32 + 2 * word)
    const size = fields.word(section + 32 + word)
    if (type === zeroFill || size === 0 || offset === 0) continue
    sections.push({
      name: fixedName(fields.buffer, section, 16),
      offset: start + offset,
      size,
      address: fields.word(section + 32),
    })
  }
}
