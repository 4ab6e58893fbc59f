import { randomBytes } from 'node:crypto'

let last = 0
let count = 0

/**
 * A UUID of version 7 (https://www.rfc-editor.org/rfc/rfc9562#section-5.7): ids of one process sort in the order in which
 * they were made, those of several by the millisecond.
 */
export function timeOrderedId(now: number): string {
  // A clock that is set back must not reorder what was enqueued.
  if (now > last) {
    last = now
    count = 0
  } else if (++count > 0xfff) {
    last++
    count = 0
  }
  const bytes = randomBytes(16)
  bytes.writeUIntBE(last, 0, 6)
  bytes.writeUInt16BE(0x7000 | count, 6)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
