/** A set of rows, a bit each: joining two sets of a thousand takes 32 steps. */
export type Rows = Uint32Array

/** Words that are asked of the system at once: an array of its own for every set costs more than all that is done with it. */
const blockWords = 16_384
let block = new Uint32Array(0)
let used = 0

/** No row of so many. */
export function noRows(count: number): Rows {
  const words = (count + 31) >>> 5
  if (words > blockWords / 16) return new Uint32Array(words)
  if (used + words > block.length) {
    block = new Uint32Array(blockWords)
    used = 0
  }
  used += words
  return block.subarray(used - words, used)
}

/** All of so many rows. */
export function allRows(count: number): Rows {
  const rows = noRows(count).fill(0xffffffff)
  if ((count & 31) !== 0) rows[rows.length - 1] = 0xffffffff >>> (32 - (count & 31))
  return rows
}

export function addRow(rows: Rows, row: number): void {
  rows[row >>> 5] = (rows[row >>> 5] ?? 0) | (1 << (row & 31))
}

export function hasRow(rows: Rows, row: number): boolean {
  return row >= 0 && (((rows[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1
}

/** Keeps the rows that are in both, in the first. */
export function keepCommon(rows: Rows, others: Rows): void {
  for (let word = 0; word < rows.length; word++) rows[word] = (rows[word] ?? 0) & (others[word] ?? 0)
}

/** Takes the others out of the first. */
export function takeOut(rows: Rows, others: Rows): void {
  for (let word = 0; word < rows.length; word++) rows[word] = (rows[word] ?? 0) & ~(others[word] ?? 0)
}

export function isEmpty(rows: Rows): boolean {
  for (let word = 0; word < rows.length; word++) if (rows[word] !== 0) return false
  return true
}

/** The rows in their order. */
export function* eachRow(rows: Rows): Generator<number> {
  for (let word = 0; word < rows.length; word++) {
    let bits = rows[word] ?? 0
    while (bits !== 0) {
      yield (word << 5) + (31 - Math.clz32(bits & -bits))
      bits &= bits - 1
    }
  }
}

export function countRows(rows: Rows): number {
  let count = 0
  for (let word = 0; word < rows.length; word++)
    for (let bits = rows[word] ?? 0; bits !== 0; bits &= bits - 1) count++
  return count
}

/** The rows for which a test holds. */
export function rowsWhere(count: number, holds: (row: number) => boolean): Rows {
  const rows = noRows(count)
  for (let row = 0; row < count; row++) if (holds(row)) addRow(rows, row)
  return rows
}

/** The rows whose number lies within bounds, both included; NaN lies within none. Runs for every condition on a number. */
export function rowsWithin(values: Float64Array, low: number, high: number): Rows {
  const rows = noRows(values.length)
  for (let word = 0, row = 0; word < rows.length; word++) {
    const end = Math.min(row + 32, values.length)
    let bits = 0
    for (let bit = 1; row < end; row++, bit <<= 1) {
      const value = values[row] as number
      if (value >= low && value <= high) bits |= bit
    }
    rows[word] = bits
  }
  return rows
}
