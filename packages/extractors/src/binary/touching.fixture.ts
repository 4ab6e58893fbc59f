import type { Bytes } from '../bytes.ts'

/** The same bytes, with a count of those that were asked for, searches included. */
export function touching(bytes: Bytes): Bytes & { readonly touched: number } {
  let touched = 0
  return {
    size: bytes.size,
    complete: bytes.complete,
    get touched() {
      return touched
    },
    has: (start, end) => bytes.has(start, end),
    slice(start, end) {
      const slice = bytes.slice(start, end)
      touched += slice.length
      return slice
    },
    indexOf(pattern, from = 0, to = bytes.size) {
      touched += to - from
      return bytes.indexOf(pattern, from, to)
    },
    text() {
      touched += bytes.size
      return bytes.text()
    },
  }
}
