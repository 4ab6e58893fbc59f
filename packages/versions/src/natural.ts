/**
 * A natural number that stays exact: a double up to fifteen digits, a bigint above. The language orders the two kinds
 * together, so `<` and `>` need no distinction.
 */
export type Natural = number | bigint

/** Digits that a double holds exactly whatever they are. */
const exactDigits = 15

/** The number that `text` spells in ASCII digits from `start` to `end` (exclusive); the caller has seen that it does. */
export function natural(text: string, start = 0, end = text.length): Natural {
  if (end - start > exactDigits) {
    const exact = BigInt(text.slice(start, end))
    return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact
  }
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + text.charCodeAt(at) - zero
  return value
}

export function compareNaturals(a: Natural, b: Natural): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}

const zero = 0x30

/** Whether the UTF-16 unit is an ASCII digit; false for the NaN that `charCodeAt` gives beyond the end. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

/** Whether the UTF-16 unit is an ASCII letter of either case; false for NaN. */
export function isLetter(unit: number): boolean {
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** End of the run of ASCII digits that begins at `start`, which is `start` itself where there is none. */
export function endOfDigits(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/** End of the run of ASCII letters that begins at `start`. */
export function endOfLetters(text: string, start: number): number {
  let at = start
  while (isLetter(text.charCodeAt(at))) at++
  return at
}

/** Order of the numbers that two runs of digits spell, of any length, without making them numbers. */
export function compareDigitRuns(
  a: string,
  aStart: number,
  aEnd: number,
  b: string,
  bStart: number,
  bEnd: number,
): number {
  let i = aStart
  let j = bStart
  while (i < aEnd && a.charCodeAt(i) === zero) i++
  while (j < bEnd && b.charCodeAt(j) === zero) j++
  if (aEnd - i !== bEnd - j) return aEnd - i - (bEnd - j)
  for (; i < aEnd; i++, j++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(j)
    if (difference !== 0) return difference
  }
  return 0
}

/** Order of two texts by UTF-16 unit, which for ASCII is the byte order that C's strcmp gives. */
export function compareTexts(a: string, b: string): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}
