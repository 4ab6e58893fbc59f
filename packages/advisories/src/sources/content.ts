import { readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The Debian tracker, the largest single document, has some 70 MB. */
const contentCap = 1 << 30

/** A file's content, unpacked when it is gzip (by its first bytes, not by its name). Throws an Error that says why not. */
export function readContent(path: string, cap: number = contentCap): Buffer {
  if (statSync(path).size > cap) throw new Error(`is larger than ${cap} bytes`)
  return unpacked(readFileSync(path), cap)
}

export function unpacked(content: Buffer, cap: number = contentCap): Buffer {
  return content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content, { maxOutputLength: cap }) : content
}
