import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'

/** A stretch of a file, and where it is mapped when the program runs. */
export interface Region {
  /** From the start of the file, in bytes. */
  readonly offset: number
  /** Bytes that lie in the file (what is only zeroed at load time does not count). */
  readonly size: number
  /** Virtual address of the first byte; 0 where it is not mapped. */
  readonly address: number
}

/** What the ELF, PE and Mach-O readers answer alike. Only headers are read until a region is asked for. */
export interface Executable {
  readonly format: 'elf' | 'pe' | 'mach-o'
  readonly littleEndian: boolean
  /** Whether there is a list of named sections that can be relied on to be whole. */
  readonly sections: 'listed' | 'absent' | ExtractFault
  /** The first section of that name with bytes in the file. */
  section(name: string): Region | undefined
  /** Initialised data that the program may write to: where linkers without section names put build information. */
  writable(): readonly Region[]
  /** Everything that is loaded from the file. */
  mapped(): readonly Region[]
}

/** Numbers of a fixed-layout header in the byte order and word size of the file. */
export class Fields {
  readonly buffer: Buffer
  readonly littleEndian: boolean
  /** Whether words (addresses, offsets) take eight bytes. */
  readonly wide: boolean

  constructor(buffer: Buffer, littleEndian: boolean, wide: boolean) {
    this.buffer = buffer
    this.littleEndian = littleEndian
    this.wide = wide
  }

  u16(at: number): number {
    return this.littleEndian ? this.buffer.readUInt16LE(at) : this.buffer.readUInt16BE(at)
  }

  u32(at: number): number {
    return this.littleEndian ? this.buffer.readUInt32LE(at) : this.buffer.readUInt32BE(at)
  }

  /**
   * An address, offset or size. Above 2^53 the low bits are lost: no file is that long, so as an offset it is out of
   * bounds either way, and as an address it can only name the wrong byte of the same file.
   */
  word(at: number): number {
    if (!this.wide) return this.u32(at)
    return this.littleEndian
      ? this.u32(at + 4) * 0x1_0000_0000 + this.u32(at)
      : this.u32(at) * 0x1_0000_0000 + this.u32(at + 4)
  }
}

/** `size` bytes from `offset`, all of them, or a fault that names what was to be read. */
export function readExactly(bytes: Bytes, offset: number, size: number, what: string): Buffer {
  if (offset + size > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `${what}: ${size} bytes at ${offset} reach beyond the end of a file of ${bytes.size} bytes`,
    )
  }
  return bytes.slice(offset, offset + size)
}

/** The bytes at a virtual address; undefined where nothing of the file is mapped there. */
export function readAddress(
  bytes: Bytes,
  executable: Executable,
  address: number,
  size: number,
): Buffer | undefined {
  for (const region of executable.mapped()) {
    const within = address - region.address
    if (within < 0 || within + size > region.size) continue
    if (region.offset + within + size > bytes.size) return undefined
    return bytes.slice(region.offset + within, region.offset + within + size)
  }
  return undefined
}

/** A name in a field of fixed width, ended by a zero or the field. */
export function fixedName(buffer: Buffer, start: number, width: number): string {
  const zero = buffer.indexOf(0, start)
  return buffer.toString('latin1', start, zero < 0 || zero > start + width ? start + width : zero)
}
