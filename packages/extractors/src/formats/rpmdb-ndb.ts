import type { Bytes } from '../bytes.ts'
import { RetainedBytes } from '../chunks.ts'
import { ExtractFault } from '../extractor.ts'

const databaseMagic = 0x506d7052 // "RpmP", little endian
const slotMagic = 0x746f6c53 // "Slot"
const blobMagic = 0x53626c42 // "BlbS"
const pageSize = 4096
const slotSize = 16
const blockSize = 16
const blobHeaderSize = 16
/** The database header takes the place of the first two slots. */
const headerSize = 32

export function isNdb(bytes: Bytes): boolean {
  return bytes.size >= headerSize && bytes.slice(0, 4).readUInt32LE(0) === databaseMagic
}

/**
 * Package headers of an NDB Packages.db: slots of (magic, package index, block offset, block count) in the first pages, each
 * pointing to a blob of (magic, package index, generation, length) and its content. All little endian.
 * https://github.com/rpm-software-management/rpm/blob/master/lib/backend/ndb/rpmpkg.c
 */
export function* ndbPackages(bytes: Bytes): Generator<Bytes> {
  if (!isNdb(bytes)) throw new ExtractFault('malformed', 'the file is no NDB database')
  const header = bytes.slice(0, headerSize)
  const version = header.readUInt32LE(4)
  if (version !== 0) throw new ExtractFault('unsupported', `an NDB database of version ${version}`)
  const end = header.readUInt32LE(12) * pageSize
  if (end > bytes.size)
    throw new ExtractFault('truncated', `an NDB database of ${bytes.size} bytes has slots up to ${end}`)
  const slots = bytes.slice(headerSize, end)
  let left = bytes.size
  for (let at = 0; at + slotSize <= slots.length; at += slotSize) {
    if (slots.readUInt32LE(at) !== slotMagic)
      throw new ExtractFault('malformed', `slot ${at / slotSize} of an NDB database has no magic`)
    const index = slots.readUInt32LE(at + 4)
    const block = slots.readUInt32LE(at + 8)
    if (index === 0 || block === 0) continue
    const blob = readBlob(bytes, index, block * blockSize)
    // Blobs do not overlap: together they are no larger than the file.
    left -= blob.size
    if (left < 0) throw new ExtractFault('malformed', 'blobs of an NDB database overlap')
    yield blob
  }
}

function readBlob(bytes: Bytes, index: number, offset: number): Bytes {
  const start = offset + blobHeaderSize
  if (start > bytes.size)
    throw new ExtractFault('truncated', `package ${index} of an NDB database lies beyond its end`)
  const header = bytes.slice(offset, start)
  if (header.readUInt32LE(0) !== blobMagic || header.readUInt32LE(4) !== index) {
    throw new ExtractFault(
      'malformed',
      `the blob of package ${index} of an NDB database begins with something else`,
    )
  }
  const end = start + header.readUInt32LE(12)
  if (end > bytes.size)
    throw new ExtractFault('truncated', `package ${index} of an NDB database runs over its end`)
  return RetainedBytes.of(bytes.slice(start, end))
}
