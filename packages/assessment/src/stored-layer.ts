import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Evidence, type LayerInventory, NameList } from '@lanner/extractors'
import { isDigest } from '@lanner/model'
import type { KnownLayer } from './layer-cache.ts'

/** Bytes that the names of one layer may unpack to; more than any layer may have. */
const namesLimit = 1024 ** 3

/** Checksum of all behind the first line, length of the JSON in bytes. */
const header = /^([0-9a-f]{8}) ([0-9]{1,12})\n/

type Stored = Omit<LayerInventory, 'names' | 'unread'> & { readonly reading: KnownLayer['reading'] }

/** One file: a line with checksum and length, the inventory as JSON, the names of the layer packed. */
export function writeStoredLayer({ reading, inventory }: KnownLayer): Buffer {
  const { evidence, owned, whiteouts, opaque, problems, names } = inventory
  const stored: Stored = { reading, evidence, owned, whiteouts, opaque, ...(problems ? { problems } : {}) }
  const body = Buffer.from(JSON.stringify(stored))
  const packed = zstdCompressSync(names.bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  const line = `${checksum(body, packed)} ${body.length}\n`
  return Buffer.concat([Buffer.from(line), body, packed])
}

/** The layer, or undefined where the file is damaged or of another shape. */
export function readStoredLayer(file: Buffer): KnownLayer | undefined {
  const match = header.exec(file.toString('latin1', 0, 24))
  if (!match) return undefined
  const start = match[0].length
  const end = start + Number(match[2])
  if (end > file.length) return undefined
  const body = file.subarray(start, end)
  const packed = file.subarray(end)
  if (match[1] !== checksum(body, packed)) return undefined
  const stored = parseJson(body)
  if (!isStored(stored)) return undefined
  const { reading, ...inventory } = stored
  return { reading, inventory: { ...inventory, unread: [], names: new PackedNames(packed) } }
}

function checksum(body: Buffer, packed: Buffer): string {
  return crc32(packed, crc32(body)).toString(16).padStart(8, '0')
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** As deep as whoever lays the layers over each other would trip; the checksum stands for the rest. */
function isStored(value: unknown): value is Stored {
  if (!isObject(value) || !isObject(value['reading']) || !isObject(value['owned'])) return false
  const { reading, evidence, whiteouts, opaque, problems = [] } = value
  return (
    isDigest(reading['digest']) &&
    isDigest(reading['diffId']) &&
    [reading['size'], reading['inflatedSize'], reading['entries']].every(Number.isSafeInteger) &&
    [evidence, whiteouts, opaque, problems].every(Array.isArray) &&
    (evidence as readonly unknown[]).every(isEvidence)
  )
}

function isEvidence(value: unknown): value is Evidence {
  return isObject(value) && typeof value['path'] === 'string' && Array.isArray(value['packages'])
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names are only needed to hide what lower layers brought, so they stay packed until somebody asks. */
class PackedNames extends NameList {
  readonly #packed: Buffer

  constructor(packed: Buffer) {
    super(Buffer.alloc(0))
    this.#packed = packed
  }

  override *[Symbol.iterator](): Generator<string> {
    yield* new NameList(this.bytes)
  }

  override get bytes(): Buffer {
    return zstdDecompressSync(this.#packed, { maxOutputLength: namesLimit })
  }
}
