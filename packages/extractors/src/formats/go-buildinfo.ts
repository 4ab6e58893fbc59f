import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import { type Executable, Fields, type Region, readAddress } from './executable.ts'

/** What the Go linker puts in front of the build information. */
export const goBuildInfoMagic = Buffer.from('\xff Go buildinf:', 'latin1')
const headerSize = 32
const alignment = 16
const versionLimit = 1024
const modulesLimit = 8 * 1024 * 1024
/** The magic bytes may also occur by chance or in a program that looks for them; that many places are tried. */
const attemptLimit = 64

/** The two strings of the build information, as `runtime/debug` has them. */
export interface GoBuildStrings {
  /** `go1.22.1`, `devel go1.24-…`, `go1.22.1 X:loopvar`. */
  readonly version: string
  /** Lines of `path`, `mod`, `dep`, `=>` and `build`, tab-separated; empty when built without modules. */
  readonly modules: string
}

/**
 * Reads the build information of a program: undefined when it has none. Throws `malformed` or `truncated` when it begins
 * but cannot be read, `not-retained` when it lies in bytes that were let go.
 * https://pkg.go.dev/debug/buildinfo (and its source, for the header's layout)
 */
export function readGoBuildStrings(bytes: Bytes, executable: Executable): GoBuildStrings | undefined {
  const named = executable.section(executable.format === 'mach-o' ? '__go_buildinfo' : '.go.buildinfo')
  if (named !== undefined) {
    const found = readWithin(bytes, executable, named)
    // Where the section was let go, its silence says nothing: the range is asked for, and that throws.
    if (found === undefined && !bytes.complete) bytes.slice(named.offset, named.offset + headerSize)
    return found
  }
  // Every linker that names sections names this one, but for PE, where it lies at the start of the data.
  if (executable.format !== 'pe' && executable.sections === 'listed') return undefined
  for (const region of executable.writable()) {
    const found = readWithin(bytes, executable, region)
    if (found !== undefined) return found
  }
  return undefined
}

function readWithin(bytes: Bytes, executable: Executable, region: Region): GoBuildStrings | undefined {
  const end = Math.min(region.offset + region.size, bytes.size)
  let fault: unknown
  for (let from = region.offset, attempt = 0; attempt < attemptLimit; attempt++) {
    const at = bytes.indexOf(goBuildInfoMagic, from, end)
    if (at < 0) break
    from = at + 1
    if ((at - region.offset) % alignment !== 0) continue
    try {
      return readAt(bytes, executable, at)
    } catch (error) {
      fault ??= error
    }
  }
  if (fault !== undefined) throw fault
  if (region.offset + region.size > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `a program of ${bytes.size} bytes is cut off: data of ${region.size} bytes begins at ${region.offset}`,
    )
  }
  return undefined
}

function readAt(bytes: Bytes, executable: Executable, at: number): GoBuildStrings {
  if (at + headerSize > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `Go build information at ${at}: its header reaches beyond the end of the file`,
    )
  }
  const header = bytes.slice(at, at + headerSize)
  const flags = header[15]
  return (flags & 2) !== 0 ? readInline(bytes, at + headerSize) : readPointed(bytes, executable, header, at)
}

/** Since Go 1.18: the strings follow the header, each after its length. */
function readInline(bytes: Bytes, start: number): GoBuildStrings {
  const version = readLengthPrefixed(bytes, start, versionLimit)
  const modules = readLengthPrefixed(bytes, version.end, modulesLimit)
  return checked(version.content, modules.content, start)
}

/** Up to Go 1.17: the header holds the addresses of two string headers, each an address and a length. */
function readPointed(bytes: Bytes, executable: Executable, header: Buffer, at: number): GoBuildStrings {
  const pointerSize = header[14]
  if (pointerSize !== 4 && pointerSize !== 8) {
    throw new ExtractFault('malformed', `Go build information at ${at}: pointers of ${pointerSize} bytes`)
  }
  const fields = new Fields(header, (header[15] & 1) === 0, pointerSize === 8)
  const version = readGoString(bytes, executable, fields, 16, versionLimit)
  const modules = readGoString(bytes, executable, fields, 16 + pointerSize, modulesLimit)
  return checked(version, modules, at)
}

function readGoString(
  bytes: Bytes,
  executable: Executable,
  header: Fields,
  field: number,
  limit: number,
): Buffer {
  const pointerSize = header.wide ? 8 : 4
  const address = header.word(field)
  const stringHeader = readAddress(bytes, executable, address, 2 * pointerSize)
  if (stringHeader === undefined) throw unmapped(address)
  const fields = new Fields(stringHeader, header.littleEndian, header.wide)
  const length = fields.word(pointerSize)
  if (length === 0) return Buffer.alloc(0)
  checkLength(length, limit)
  const content = readAddress(bytes, executable, fields.word(0), length)
  if (content === undefined) throw unmapped(fields.word(0))
  return content
}

function unmapped(address: number): ExtractFault {
  const place = `0x${address.toString(16)}`
  return new ExtractFault('malformed', `Go build information: the file maps nothing at address ${place}`)
}

function checkLength(length: number, limit: number): void {
  if (length <= limit) return
  throw new ExtractFault(
    'limit-exceeded',
    `Go build information: a string of ${length} bytes is over ${limit}`,
  )
}

/** A string after its length as a base-128 varint. https://protobuf.dev/programming-guides/encoding/#varints */
function readLengthPrefixed(bytes: Bytes, start: number, limit: number): { content: Buffer; end: number } {
  const prefix = bytes.slice(start, Math.min(start + 5, bytes.size))
  let length = 0
  let width = 0
  let last = 0x80
  while (width < prefix.length && last >= 0x80) {
    last = prefix[width]
    length += (last & 0x7f) * 2 ** (7 * width)
    width++
  }
  if (last >= 0x80) {
    throw new ExtractFault('malformed', `Go build information: no length at ${start}`)
  }
  checkLength(length, limit)
  const end = start + width + length
  if (end > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `Go build information: a string of ${length} bytes at ${start} is cut off`,
    )
  }
  return { content: bytes.slice(start + width, end), end }
}

function checked(versionContent: Buffer, framed: Buffer, at: number): GoBuildStrings {
  const version = versionContent.toString('utf8')
  if (!/^(?:go|devel)[\x20-\x7e]*$/.test(version)) {
    throw new ExtractFault('malformed', `Go build information at ${at}: no Go version where one is due`)
  }
  // The module lines stand between two marks of 16 bytes, by which programs find them without this header.
  const length = framed.length
  const whole = length >= 33 && framed[length - 17] === 0x0a
  return { version, modules: whole ? framed.toString('utf8', 16, length - 16) : '' }
}
