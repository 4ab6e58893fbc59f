import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import { type Executable, Fields, fixedName, type Region, readExactly } from './executable.ts'

const signature = Buffer.from('PE\0\0', 'latin1')
const coffHeaderSize = 20
const sectionSize = 40
/** Windows itself loads no more than 96; linkers of other systems may write more. */
const sectionLimit = 4096
const initializedData = 0x40
const readable = 0x4000_0000
const writable = 0x8000_0000

interface Section extends Region {
  readonly name: string
  readonly characteristics: number
}

/**
 * A PE image, 32 or 64 bits; undefined for anything else, programs for DOS (which also begin with MZ) among them.
 * Throws `truncated`, `malformed` or `limit-exceeded` when its headers cannot be read.
 * https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 */
export function readPe(bytes: Bytes): Executable | undefined {
  if (bytes.size < 64 || bytes.slice(0, 2).toString('latin1') !== 'MZ') return undefined
  const start = bytes.slice(0x3c, 0x40).readUInt32LE()
  if (start + 4 > bytes.size || !bytes.has(start, start + 4)) return undefined
  if (!bytes.slice(start, start + 4).equals(signature)) return undefined
  const coff = new Fields(readExactly(bytes, start + 4, coffHeaderSize, 'COFF header'), true, false)
  const count = coff.u16(2)
  const optionalSize = coff.u16(16)
  if (count > sectionLimit) {
    throw new ExtractFault(
      'limit-exceeded',
      `PE section table: ${count} sections are more than ${sectionLimit}`,
    )
  }
  const optionalStart = start + 4 + coffHeaderSize
  const imageBase = readImageBase(readExactly(bytes, optionalStart, optionalSize, 'PE optional header'))
  const table = readExactly(bytes, optionalStart + optionalSize, count * sectionSize, 'PE section table')
  const sections: Section[] = []
  for (let at = 0; at < table.length; at += sectionSize) sections.push(readSection(table, at, imageBase))
  return {
    format: 'pe',
    littleEndian: true,
    sections: 'listed',
    section: (name) => sections.find((section) => section.name === name && section.size > 0),
    writable: () =>
      sections.filter(({ characteristics, size }) => size > 0 && isWritableData(characteristics)),
    mapped: () => sections,
  }
}

function readImageBase(optional: Buffer): number {
  const magic = optional.length >= 2 ? optional.readUInt16LE(0) : 0
  if (magic === 0x10b && optional.length >= 32) return optional.readUInt32LE(28)
  if (magic === 0x20b && optional.length >= 32) return new Fields(optional, true, true).word(24)
  throw new ExtractFault(
    'malformed',
    `PE optional header: ${optional.length} bytes with magic ${magic} are none`,
  )
}

function readSection(table: Buffer, at: number, imageBase: number): Section {
  const virtualSize = table.readUInt32LE(at + 8)
  const rawSize = table.readUInt32LE(at + 16)
  return {
    name: fixedName(table, at, 8),
    // The raw size is rounded up to the file alignment: what lies beyond the virtual size is padding.
    size: virtualSize === 0 ? rawSize : Math.min(virtualSize, rawSize),
    address: imageBase + table.readUInt32LE(at + 12),
    offset: table.readUInt32LE(at + 20),
    characteristics: table.readUInt32LE(at + 36),
  }
}

function isWritableData(characteristics: number): boolean {
  const wanted = (initializedData | readable | writable) >>> 0
  return (characteristics & wanted) >>> 0 === wanted
}
