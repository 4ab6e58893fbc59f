import type { ByteRange } from '../../use-cases/blobs.ts'

/**
 * What a Range header asks for of so many bytes. Undefined stands for all of it: no header, several ranges, or one that cannot
 * be read. https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function requestedRange(header: string | undefined, size: number): ByteRange | 'beyond' | undefined {
  const parts = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/i.exec(header?.trim() ?? '')
  if (!parts) return undefined
  if (parts[3] !== undefined) {
    const length = Number(parts[3])
    if (length === 0 || size === 0) return 'beyond'
    return { start: Math.max(0, size - length), end: size - 1 }
  }
  const start = Number(parts[1])
  const end = parts[2] === '' ? size - 1 : Number(parts[2])
  if (parts[2] !== '' && end < start) return undefined
  if (start >= size) return 'beyond'
  return { start, end: Math.min(end, size - 1) }
}

/** What a chunk says of itself: `0-1023`; some clients write `bytes 0-1023/*`. Undefined when it says nothing readable. */
export function chunkRange(header: string): ByteRange | undefined {
  const parts = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d{1,15}|\*))?$/i.exec(header.trim())
  if (!parts) return undefined
  const range = { start: Number(parts[1]), end: Number(parts[2]) }
  return range.end < range.start ? undefined : range
}

/** How far an upload is. Empty ones say `0-0` as registries always did: there is no word for no byte. */
export function progressRange(length: number): string {
  return `0-${Math.max(0, length - 1)}`
}
