import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Evidence, type LayerInventory, NameList } from '@lanner/extractors'
import { type Digest, digestAlgorithm, parseDigest } from '@lanner/model'
import type { LayerReading } from '@lanner/oci'

/** A layer as we read it once. */
export interface KnownLayer {
  readonly reading: LayerReading
  readonly inventory: LayerInventory
}

/** Where layers that were read are remembered, known by the digest of the blob that we inflated ourselves. */
export interface LayerCache {
  get(digest: Digest): Promise<KnownLayer | undefined>
  put(layer: KnownLayer): Promise<void>
}

interface StoredLayer {
  readonly reading: LayerReading
  readonly evidence: readonly Evidence[]
  readonly owned: Readonly<Record<string, string>>
  readonly whiteouts: readonly string[]
  readonly opaque: readonly string[]
}

const namesLimit = 1024 * 1024 * 1024

/**
 * A folder of layer inventories: two files a layer, written under another name and renamed when whole, so that a reader
 * sees all of it or nothing. `revision` names the extractors and their revisions: what an older set read is not found.
 * A damaged file counts as absent. The least recently used files go first once `maxBytes` is exceeded.
 */
export class FolderLayerCache implements LayerCache {
  readonly #folder: string
  readonly #revision: string
  readonly #maxBytes: number

  constructor(folder: string, revision: string, maxBytes: number = 2 * 1024 ** 3) {
    this.#folder = join(folder, 'layers')
    this.#revision = revision
    this.#maxBytes = maxBytes
  }

  async get(digest: Digest): Promise<KnownLayer | undefined> {
    const path = this.#path(digest)
    const text = await readFile(path).catch(() => undefined)
    const stored = text && parseStored(text)
    // The file name is no evidence: the digest that was verified is the one written inside.
    if (!stored || parseDigest(stored.reading.digest) !== digest) return undefined
    const packed = await readFile(`${path}.names`).catch(() => undefined)
    if (packed === undefined) return undefined
    const now = new Date()
    // Reading counts as use; a cache on a read-only disk still serves.
    void utimes(path, now, now).catch(() => undefined)
    const { reading, evidence, owned, whiteouts, opaque } = stored
    return {
      reading,
      inventory: { evidence, owned, whiteouts, opaque, unread: [], names: new PackedNames(packed) },
    }
  }

  async put(layer: KnownLayer): Promise<void> {
    const { reading, inventory } = layer
    const { evidence, owned, whiteouts, opaque, names } = inventory
    const stored: StoredLayer = { reading, evidence, owned, whiteouts, opaque }
    const body = Buffer.from(JSON.stringify(stored))
    const path = this.#path(reading.digest)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const packed = zstdCompressSync(names.bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
    await this.#write(`${path}.names`, packed)
    await this.#write(path, Buffer.concat([Buffer.from(`${checksum(body)}\n`), body]))
    await this.#prune()
  }

  #path(digest: Digest): string {
    return join(
      this.#folder,
      `${digestAlgorithm(digest)}-${digest.slice(digest.indexOf(':') + 1)}.${this.#revision}`,
    )
  }

  async #write(path: string, content: Buffer): Promise<void> {
    const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(content)
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.#folder)
    const files = await Promise.all(
      names.map(async (name) => {
        const found = await stat(join(this.#folder, name)).catch(() => undefined)
        return { name, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 }
      }),
    )
    // What a killed process left half-written is nobody's after an hour.
    const abandoned = Date.now() - 3_600_000
    for (const { name, used } of files) {
      if (name.endsWith('.tmp') && used < abandoned) await rm(join(this.#folder, name), { force: true })
    }
    let total = files.reduce((sum, file) => sum + file.size, 0)
    for (const { name, size } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#maxBytes) return
      await rm(join(this.#folder, name), { force: true })
      total -= size
    }
  }
}

/** Names are only needed to hide what lower layers brought, so they stay packed until somebody asks. */
class PackedNames extends NameList {
  #packed: Buffer | undefined

  constructor(packed: Buffer) {
    super(Buffer.alloc(0))
    this.#packed = packed
  }

  override *[Symbol.iterator](): Generator<string> {
    yield* new NameList(this.bytes)
  }

  override get bytes(): Buffer {
    if (this.#packed === undefined) return super.bytes
    return zstdDecompressSync(this.#packed, { maxOutputLength: namesLimit })
  }
}

function checksum(body: Buffer): string {
  return crc32(body).toString(16).padStart(8, '0')
}

function parseStored(file: Buffer): StoredLayer | undefined {
  const body = file.subarray(9)
  if (file[8] !== 0x0a || file.toString('latin1', 0, 8) !== checksum(body)) return undefined
  try {
    return JSON.parse(body.toString('utf8')) as StoredLayer
  } catch {
    return undefined
  }
}
