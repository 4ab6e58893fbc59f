import { createHash } from 'node:crypto'
import { DatabaseFault } from './database-fault.ts'

/*
 * An export, one stream:
 *
 *   "LANNERDB" and the format's version, a big-endian uint32
 *   frames: one byte of kind, a big-endian uint32 of length, that many bytes
 *
 *   H  JSON ExportHeader: once, first
 *   T  JSON TableStart: a table begins
 *   D  bytes of `COPY … TO STDOUT` (text format, UTF-8) of that table
 *   E  JSON TableEnd: rows, bytes and SHA-256 of its D frames together
 *   Z  JSON ExportEnd: once, last; SHA-256 of every byte before this frame
 *
 * Tables come in an order in which each refers only to earlier ones and to itself.
 */

const exportVersion = 1
const magic = Buffer.from('LANNERDB')

/** Longest frame that is read, in bytes. */
export const maxFrameBytes = 16 * 1024 * 1024
/** Data are cut into frames of at most this many bytes. */
const dataFrameBytes = 1024 * 1024

export interface Partition {
  readonly name: string
  readonly of: string
  /** `FOR VALUES FROM (…) TO (…)` or `DEFAULT`. */
  readonly bound: string
}

export interface ExportHeader {
  readonly createdAt: string
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[]
  readonly partitions: readonly Partition[]
}

export interface TableStart {
  readonly table: string
  readonly columns: readonly string[]
}

export interface TableEnd {
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  /** The last number given out, by identity column. */
  readonly sequences: Readonly<Record<string, number>>
}

export interface ExportEnd {
  readonly tables: number
  readonly sha256: string
}

export type FrameKind = 'H' | 'T' | 'D' | 'E' | 'Z'

export interface Frame {
  readonly kind: FrameKind
  readonly body: Buffer
}

/** Puts frames together and keeps the digest of the whole. */
export class FrameWriter {
  readonly #digest = createHash('sha256')

  start(): Buffer {
    const version = Buffer.alloc(4)
    version.writeUInt32BE(exportVersion)
    return this.#count(Buffer.concat([magic, version]))
  }

  json(kind: 'H' | 'T' | 'E', value: ExportHeader | TableStart | TableEnd): Buffer {
    return this.#count(frame(kind, Buffer.from(JSON.stringify(value))))
  }

  *data(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length; at += dataFrameBytes) {
      const body = chunk.subarray(at, at + dataFrameBytes)
      yield this.#count(head('D', body.length))
      yield this.#count(body)
    }
  }

  end(tables: number): Buffer {
    return frame('Z', Buffer.from(JSON.stringify({ tables, sha256: this.#digest.digest('hex') })))
  }

  #count(bytes: Buffer): Buffer {
    this.#digest.update(bytes)
    return bytes
  }
}

function head(kind: FrameKind, length: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.write(kind, 0, 'latin1')
  bytes.writeUInt32BE(length, 1)
  return bytes
}

function frame(kind: FrameKind, body: Buffer): Buffer {
  return Buffer.concat([head(kind, body.length), body])
}

/**
 * The frames of a stream, each checked for its place and size, the last for the digest of all; nothing may follow it.
 * @throws DatabaseFault `stream`
 */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const digest = createHash('sha256')
  const reader = new ByteReader(source)
  const start = await reader.take(magic.length + 4)
  if (!start?.subarray(0, magic.length).equals(magic)) throw damaged('it does not begin as one')
  const version = start.readUInt32BE(magic.length)
  if (version !== exportVersion)
    throw damaged(`it has format ${version}, and this version reads format ${exportVersion}`)
  digest.update(start)
  for (;;) {
    const first = await reader.take(5)
    if (!first) throw damaged('it ends too early')
    const kind = first.toString('latin1', 0, 1)
    const length = first.readUInt32BE(1)
    if (!isKind(kind)) throw damaged('a frame is of no known kind')
    if (length > maxFrameBytes) throw damaged(`a frame of ${length} bytes is longer than ${maxFrameBytes}`)
    const body = await reader.take(length)
    if (!body) throw damaged('it ends within a frame')
    if (kind === 'Z') {
      const { sha256 } = readJson<ExportEnd>({ kind, body })
      if (sha256 !== digest.digest('hex')) throw damaged('its checksum does not match')
      if (await reader.take(1)) throw damaged('something follows its end')
      yield { kind, body }
      return
    }
    digest.update(first).update(body)
    yield { kind, body }
  }
}

function isKind(text: string): text is FrameKind {
  return 'HTDEZ'.includes(text)
}

/** The JSON of a frame; its members are checked by who uses them. */
export function readJson<T>({ body }: Frame): Partial<T> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Partial<T>
  } catch {}
  throw damaged('a frame holds no JSON object')
}

export function damaged(why: string): DatabaseFault {
  return new DatabaseFault('stream', `this is not a whole export: ${why}`)
}

class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer[] = []
  #length = 0

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Exactly so many bytes, or undefined when the stream ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#length < length) {
      const { done, value } = await this.#source.next()
      if (done) return undefined
      this.#rest.push(value)
      this.#length += value.length
    }
    const whole = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest)
    this.#rest = whole.length > length ? [whole.subarray(length)] : []
    this.#length -= length
    return whole.subarray(0, length)
  }
}
