import { readText } from './tar-header.ts'

/** What an extended header says that concerns us. */
export interface PaxRecords {
  path?: string
  link?: string
  size?: number
  sparse?: PaxSparse
}

/** The keywords `GNU.sparse.*`. https://www.gnu.org/software/tar/manual/html_node/PAX-1.html */
export interface PaxSparse {
  major?: string
  minor?: string
  name?: string
  /** Of the expanded file. */
  size?: number
  blocks?: number
  /** Offset and length of each region in turn (0.0 and 0.1). */
  map?: number[]
}

/** Regions of a sparse map: more are refused. */
export const maxSparseRegions = 131_072

/**
 * Reads the records `length keyword=value\n` of a PAX extended header
 * (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "pax Header Block").
 * Answers what is wrong as a text when they are malformed. An empty value means that the ordinary header holds.
 */
export function parsePax(bytes: Buffer): PaxRecords | string {
  const records: PaxRecords = {}
  let at = 0
  while (at < bytes.length) {
    let length = 0
    let space = at
    for (; space < bytes.length && bytes[space] !== 0x20; space++) {
      const digit = bytes[space] - 0x30
      if (digit < 0 || digit > 9 || space - at > 8) return 'a record has no length'
      length = length * 10 + digit
    }
    const end = at + length
    if (space === at || end <= space + 1 || end > bytes.length || bytes[end - 1] !== 0x0a) {
      return 'the length of a record is wrong'
    }
    const equals = bytes.indexOf(0x3d, space + 1)
    if (equals <= space + 1 || equals >= end - 1) return 'a record has no keyword'
    const problem = setRecord(
      records,
      bytes.toString('latin1', space + 1, equals),
      bytes.subarray(equals + 1, end - 1),
    )
    if (problem) return problem
    at = end
  }
  return records
}

function setRecord(records: PaxRecords, keyword: string, value: Buffer): string | undefined {
  if (keyword === 'path' || keyword === 'linkpath') {
    if (value.includes(0)) return `${keyword} holds NUL`
    const text = readText(value, 0, value.length) || undefined
    if (keyword === 'path') records.path = text
    else records.link = text
    return undefined
  }
  if (keyword === 'size') {
    if (value.length === 0) return undefined
    records.size = decimal(value)
    return records.size === undefined ? 'size is no number' : undefined
  }
  return keyword.startsWith('GNU.sparse.') ? setSparse(records, keyword.slice(11), value) : undefined
}

function setSparse(records: PaxRecords, keyword: string, value: Buffer): string | undefined {
  const sparse = (records.sparse ??= {})
  switch (keyword) {
    case 'major':
      sparse.major = value.toString('latin1', 0, 8)
      return undefined
    case 'minor':
      sparse.minor = value.toString('latin1', 0, 8)
      return undefined
    case 'name':
      if (value.includes(0)) return 'GNU.sparse.name holds NUL'
      sparse.name = readText(value, 0, value.length)
      return undefined
    case 'map':
      sparse.map = decimals(value)
      return sparse.map ? undefined : 'GNU.sparse.map is no list of numbers'
  }
  if (
    keyword !== 'size' &&
    keyword !== 'realsize' &&
    keyword !== 'numblocks' &&
    keyword !== 'offset' &&
    keyword !== 'numbytes'
  ) {
    return undefined
  }
  const number = decimal(value)
  if (number === undefined) return `GNU.sparse.${keyword} is no number`
  if (keyword === 'numblocks') sparse.blocks = number
  else if (keyword === 'size') sparse.size = number
  else if (keyword === 'realsize') sparse.size ??= number
  else {
    // 0.0 repeats the pair for each region; the order is all that binds them.
    const map = (sparse.map ??= [])
    if ((keyword === 'offset') !== (map.length % 2 === 0))
      return 'GNU.sparse.offset and numbytes are not in pairs'
    map.push(number)
    if (map.length > 2 * maxSparseRegions) return `the sparse map has more than ${maxSparseRegions} regions`
  }
  return undefined
}

function decimals(value: Buffer): number[] | undefined {
  const numbers: number[] = []
  let start = 0
  while (start < value.length) {
    const comma = value.indexOf(0x2c, start)
    const end = comma < 0 ? value.length : comma
    const number = decimal(value.subarray(start, end))
    if (number === undefined || numbers.length >= 2 * maxSparseRegions) return undefined
    numbers.push(number)
    start = end + 1
  }
  return numbers
}

function decimal(value: Buffer): number | undefined {
  if (value.length === 0 || value.length > 20) return undefined
  let number = 0
  for (const byte of value) {
    const digit = byte - 0x30
    if (digit < 0 || digit > 9) return undefined
    number = number * 10 + digit
  }
  return Number.isSafeInteger(number) ? number : undefined
}
