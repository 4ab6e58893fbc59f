import { isUtf8 } from 'node:buffer'
import type { TarEntry } from './entry.ts'

/** Header fields of POSIX ustar and of GNU, at their offsets from the start of the 512-byte block. */
const name = 0
const modeField = 100
const sizeField = 124
const checksumField = 148
const typeField = 156
const linkField = 157
const magic = 257
const prefix = 345
const starTrailer = 508

export const blockSize = 512

/** Two flavours share the layout up to byte 345: POSIX goes on with a prefix of the name, GNU with times and a sparse map. */
export type HeaderFormat = 'v7' | 'ustar' | 'star' | 'gnu'

/**
 * Sums a header's bytes. 'zero' for a block of zeros; whether the stored checksum is right otherwise. Historic writers
 * summed signed bytes. https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export function checkHeader(block: Buffer, at: number): 'zero' | 'valid' | 'invalid' {
  let sum = 0
  for (let index = at; index < at + blockSize; index += 4)
    sum += block[index] + block[index + 1] + block[index + 2] + block[index + 3]
  if (sum === 0) return 'zero'
  const stored = readNumber(block, at + checksumField, 8)
  // The checksum itself counts as blanks.
  for (let index = at + checksumField; index < at + checksumField + 8; index++) sum += 0x20 - block[index]
  return stored === sum || stored === sum - 256 * highBytes(block, at) ? 'valid' : 'invalid'
}

/** How many bytes of a header, but for its checksum, are negative when read as signed. */
function highBytes(block: Buffer, at: number): number {
  let count = 0
  for (let index = at; index < at + blockSize; index++) {
    if (index < at + checksumField || index >= at + checksumField + 8) count += block[index] >>> 7
  }
  return count
}

export function headerFormat(block: Buffer, at: number): HeaderFormat {
  const start = at + magic
  const ustar =
    block[start] === 0x75 &&
    block[start + 1] === 0x73 &&
    block[start + 2] === 0x74 &&
    block[start + 3] === 0x61 &&
    block[start + 4] === 0x72
  if (!ustar) return 'v7'
  if (block[start + 5] === 0x20 && block[start + 6] === 0x20 && block[start + 7] === 0) return 'gnu'
  if (block[start + 5] !== 0) return 'v7'
  return block.toString('latin1', at + starTrailer, at + starTrailer + 4) === 'tar\0' ? 'star' : 'ustar'
}

/** The type flag as a character code. */
export function headerType(block: Buffer, at: number): number {
  return block[at + typeField]
}

/** A v7 directory is a file whose name ends in a slash; a contiguous file (7) is a file like any other. */
export function entryType(flag: number, path: string): TarEntry['type'] {
  switch (flag) {
    case 0x00:
      return path.endsWith('/') ? 'directory' : 'file'
    case 0x30:
    case 0x37:
    case 0x53:
      return 'file'
    case 0x31:
      return 'hardlink'
    case 0x32:
      return 'symlink'
    case 0x33:
      return 'character'
    case 0x34:
      return 'block'
    case 0x35:
      return 'directory'
    case 0x36:
      return 'fifo'
    default:
      return 'other'
  }
}

/** Links, folders and devices have no body, whatever their size says. */
export function isHeaderOnly(type: TarEntry['type']): boolean {
  return type !== 'file' && type !== 'other'
}

/** Permission bits; 0 where the field is no number. */
export function headerMode(block: Buffer, at: number): number {
  return (readNumber(block, at + modeField, 8) ?? 0) & 0o7777
}

/** Bytes of the body; undefined where the field is no number, or a negative one. */
export function headerSize(block: Buffer, at: number): number | undefined {
  return readNumber(block, at + sizeField, 12)
}

export function headerLink(block: Buffer, at: number): string {
  return readText(block, at + linkField, 100)
}

export function headerPath(block: Buffer, at: number, format: HeaderFormat): string {
  const text = readText(block, at + name, 100)
  const before = headerPrefix(block, at, format)
  return before === '' ? text : `${before}/${text}`
}

function headerPrefix(block: Buffer, at: number, format: HeaderFormat): string {
  const start = at + prefix
  if (format === 'v7' || block[start] === 0) return ''
  if (format === 'ustar') return readText(block, start, 155)
  if (format === 'star') return readText(block, start, 131)
  // GNU keeps times there. Go before 1.8, and so the Docker of its day, wrote a prefix behind the GNU magic all the same;
  // what is no time is one. https://github.com/golang/go/issues/12594
  if (readNumber(block, start, 12) !== undefined && readNumber(block, start + 12, 12) !== undefined) return ''
  const text = readText(block, start, 155)
  return /^[\x20-\x7e]*$/.test(text) ? text : ''
}

/**
 * A number in octal digits, or in base 256 where the first bit is set (GNU, for what twelve digits do not hold).
 * Undefined where it is neither, negative, or beyond 2^53.
 */
export function readNumber(block: Buffer, start: number, length: number): number | undefined {
  const end = start + length
  if (block[start] & 0x80) return readBase256(block, start, end)
  let at = start
  while (at < end && (block[at] === 0x20 || block[at] === 0)) at++
  let value = 0
  for (; at < end; at++) {
    const digit = block[at] - 0x30
    if (digit >= 0 && digit < 8) value = value * 8 + digit
    else if (block[at] === 0x20 || block[at] === 0) break
    else return undefined
  }
  return value
}

function readBase256(block: Buffer, start: number, end: number): number | undefined {
  if (block[start] & 0x40) return undefined
  let value = block[start] & 0x3f
  for (let at = start + 1; at < end; at++) {
    value = value * 256 + block[at]
    if (value > Number.MAX_SAFE_INTEGER) return undefined
  }
  return value
}

/** A text up to the first NUL, as UTF-8, or as latin1 where it is not UTF-8. */
export function readText(block: Buffer, start: number, length: number): string {
  const limit = start + length
  let end = start
  let high = 0
  for (; end < limit; end++) {
    const byte = block[end]
    if (byte === 0) break
    high |= byte
  }
  if (high < 0x80) return block.toString('latin1', start, end)
  return isUtf8(block.subarray(start, end))
    ? block.toString('utf8', start, end)
    : block.toString('latin1', start, end)
}
