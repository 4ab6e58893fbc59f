import type { Bytes } from '../bytes.ts'

const headLimit = 1024 * 1024

/** Values by header name in lower case, in the order written. */
export type Headers = ReadonlyMap<string, readonly string[]>

/**
 * The head of a message: `Name: value` lines, folded ones joined by a space, up to the first blank line. Lines that are
 * no header are passed over. Nothing behind the head is decoded. https://packaging.python.org/en/latest/specifications/core-metadata/
 */
export function readHeaders(bytes: Bytes): Headers {
  const headers = new Map<string, string[]>()
  let values: string[] | undefined
  for (const line of headText(bytes).split('\n')) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text[0] === ' ' || text[0] === '\t') {
      if (values) values[values.length - 1] += ` ${text.trim()}`
      continue
    }
    const colon = text.indexOf(':')
    values = undefined
    if (colon <= 0) continue
    const name = text.slice(0, colon).toLowerCase()
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) continue
    values = headers.get(name) ?? []
    values.push(text.slice(colon + 1).trim())
    headers.set(name, values)
  }
  return headers
}

/** The first value, as Python's own reader takes it where a header is repeated. */
export function firstHeader(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.[0] || undefined
}

const blankLines = [Buffer.from('\n\n'), Buffer.from('\n\r\n')]

function headText(bytes: Bytes): string {
  let end = Math.min(bytes.size, headLimit)
  for (const blank of blankLines) {
    const at = bytes.indexOf(blank, 0, end)
    if (at >= 0) end = Math.min(end, at)
  }
  const text = bytes.slice(0, end).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
