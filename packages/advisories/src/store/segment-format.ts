/**
 * A segment of the store: one immutable file.
 *
 *     header   16 bytes: `LANNERAD`, version u32, zero u32
 *     sections one after the other
 *     table    JSON: { section: [offset, length], … }
 *     trailer  32 bytes: length of the table u32, its CRC-32 u32, length of the file f64, zero u64, `DARENNAL`
 *
 * All numbers are little endian. The table stands at the end so that the file is written, and hashed, in one pass.
 *
 * Hash tables are open addressing with linear probing; a slot whose length is 0 is empty.
 * `affected`, `references`, `records`: 16-byte slots (hash u32, length u32, offset f64 into `affectedValues`, `referenceValues`,
 * `recordLines`). A value is a JSON array that starts with its own key; a record is a line: its JSON, which alone the length
 * counts, then after a tab its sources, then after another tab its keys. Nothing is compressed: inflating a block for each
 * record took a fifth of the time of matching an image, and saved two fifths of the file.
 * `cves`: 24-byte slots (number u32, year u16, flags u16, index in `exploited` u32, EPSS score and percentile u32 in
 * units of 1e-9, zero u32); year 0 is empty.
 */
export const magic = 'LANNERAD'
export const closingMagic = 'DARENNAL'
export const version = 2
export const headerLength = 16
export const trailerLength = 32
export const slotLength = 16
export const cveSlotLength = 24
/** Slots in use are at most this part of a table. */
export const fill = 0.6
export const sectionNames = [
  'affectedValues',
  'affected',
  'recordLines',
  'records',
  'referenceValues',
  'references',
  'ecosystems',
  'ids',
  'cves',
  'exploited',
  'epss',
] as const
export type SectionName = (typeof sectionNames)[number]
export type SectionTable = Readonly<Partial<Record<SectionName, readonly [offset: number, length: number]>>>

export const epssFlag = 1
export const exploitedFlag = 2
