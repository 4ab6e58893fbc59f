import { RetainedBytes } from './chunks.ts'
import { type ByteRange, MiB } from './extractor.ts'

/** So many anchors of one file may open a window; a file made of anchors keeps no more. */
const maxWindows = 8

/** Keeps a body as it streams by. Parts are views of the inflated chunks, so that keeping the whole costs no copy. */
export interface RetainedBody {
  /** Answers whether a view of the part is kept. */
  write(part: Buffer, offset: number): boolean
  bytes(): RetainedBytes
}

export function retainWhole(size: number): RetainedBody {
  const pieces: [offset: number, part: Buffer][] = []
  return {
    write: (part, offset) => pieces.push([offset, part]) > 0,
    bytes: () => new RetainedBytes(size, pieces),
  }
}

/**
 * Keeps the first and the last mebibyte, one from each of the first places where an anchor begins, and these ranges.
 * Windows are copied: a view would keep every inflated chunk alive for as long as the body lasts.
 */
export function retainWindows(
  size: number,
  anchors: readonly Buffer[],
  ranges: readonly ByteRange[] = [],
): RetainedBody {
  const pieces: [offset: number, part: Buffer][] = []
  const windows: ByteRange[] = [
    { start: 0, end: MiB },
    { start: Math.max(0, size - MiB), end: size },
    ...ranges,
  ]
  const mostWindows = windows.length + maxWindows
  const longest = anchors.reduce((most, anchor) => Math.max(most, anchor.length), 1)
  let cursor = 0
  let seam: { readonly offset: number; readonly data: Buffer } = { offset: 0, data: Buffer.alloc(0) }

  function keep(part: Buffer, offset: number): void {
    for (const { start, end } of [...windows].sort((a, b) => a.start - b.start)) {
      const from = Math.max(start, offset, cursor)
      const to = Math.min(end, offset + part.length)
      if (from >= to) continue
      pieces.push([from, Buffer.from(part.subarray(from - offset, to - offset))])
      cursor = to
    }
  }

  function openWindows(text: Buffer, offset: number): void {
    for (const anchor of anchors) {
      for (
        let at = text.indexOf(anchor);
        at >= 0 && windows.length < mostWindows;
        at = text.indexOf(anchor, at + 1)
      ) {
        windows.push({ start: offset + at, end: offset + at + MiB })
      }
    }
  }

  return {
    write(part, offset) {
      if (seam.data.length > 0 && seam.offset + seam.data.length === offset) {
        const before = windows.length
        openWindows(Buffer.concat([seam.data, part.subarray(0, longest - 1)]), seam.offset)
        if (windows.length > before) keep(seam.data, seam.offset)
      }
      openWindows(part, offset)
      keep(part, offset)
      const carried = Math.min(longest - 1, part.length)
      seam = {
        offset: offset + part.length - carried,
        data: Buffer.from(part.subarray(part.length - carried)),
      }
      return false
    },
    bytes: () => new RetainedBytes(size, pieces),
  }
}
