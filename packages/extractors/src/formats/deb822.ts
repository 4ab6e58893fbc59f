import { ExtractFault } from '../extractor.ts'

/** Fields of one stanza, names in lower case. */
export type Stanza = ReadonlyMap<string, string>

const stanzaLimit = 500_000
const valueLimit = 64 * 1024
const nameLimit = 64

/**
 * Stanzas of a deb822 control file (dpkg status, opkg status and control files): fields `Name: value`, continuation
 * lines that begin with a space or tab, stanzas apart by blank lines. https://manpages.debian.org/deb822.5
 * Only fields whose lower-case name is in `wanted` are kept; continuation lines are joined with newlines, values are cut at
 * 64 Ki characters. The first field of a name wins. A stanza without any wanted field is yielded empty when it has text, so
 * that a caller can tell garbage from an empty file.
 */
export function* deb822Stanzas(text: string, wanted: ReadonlySet<string>): Generator<Stanza> {
  let stanza = new Map<string, string>()
  let current: string | undefined
  let hasText = false
  let count = 0
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    let end = newline < 0 ? text.length : newline
    if (end > at && text.charCodeAt(end - 1) === 0x0d) end--
    if (isBlank(text, at, end)) {
      if (hasText) {
        if (++count > stanzaLimit)
          throw new ExtractFault('limit-exceeded', `more than ${stanzaLimit} stanzas in one file`)
        yield stanza
        stanza = new Map()
        hasText = false
      }
      current = undefined
    } else if (isSpace(text.charCodeAt(at))) {
      hasText = true
      if (current !== undefined) extend(stanza, current, text.slice(at, end).trim())
    } else {
      hasText = true
      current = readField(text, at, end, wanted, stanza)
    }
    at = next
  }
  if (hasText) yield stanza
}

function readField(
  text: string,
  start: number,
  end: number,
  wanted: ReadonlySet<string>,
  stanza: Map<string, string>,
): string | undefined {
  // Bounded, so that lines without a colon do not search the rest of the file each.
  const bound = Math.min(end, start + nameLimit)
  let colon = start
  while (colon < bound && text.charCodeAt(colon) !== 0x3a) colon++
  if (colon === bound) return undefined
  const name = text.slice(start, colon).toLowerCase()
  if (!wanted.has(name) || stanza.has(name)) return undefined
  stanza.set(name, text.slice(colon + 1, Math.min(end, colon + 1 + valueLimit)).trim())
  return name
}

function extend(stanza: Map<string, string>, name: string, line: string): void {
  const value = stanza.get(name) ?? ''
  if (value.length + line.length > valueLimit) return
  stanza.set(name, value === '' ? line : `${value}\n${line}`)
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(text.charCodeAt(at))) return false
  return true
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
