import { createHash, type Hash } from 'node:crypto'
import { type Digest, digestAlgorithm } from '@lanner/model'
import { BlobReader } from './blob-reader.ts'
import { compressionOf, magicLength } from './compression.ts'
import type { TarVisitor } from './entry.ts'
import { Inflater } from './inflater.ts'
import { LayerContents } from './layer-contents.ts'
import { LayerFault } from './layer-fault.ts'
import type { LayerLimits, LayerReading } from './read-layer-types.ts'

/** Bounds that no honest image comes near. */
export const defaultLayerLimits: LayerLimits = {
  maxBytes: 64 * 1024 ** 3,
  maxRatio: 1000,
  maxEntries: 5_000_000,
}

/** What a layer is said to be, all of it verified, and who looks at its content. */
export interface ReadLayerOptions {
  /** Of the stored bytes, as the manifest says; verified. */
  readonly digest: Digest
  /** Stored bytes, as the manifest says; verified. */
  readonly size: number
  /** Only encryption is recognised by it; the compression shows in the bytes. */
  readonly mediaType: string
  /** Of the inflated bytes, as the config says; verified. */
  readonly diffId?: Digest
  readonly visitor: TarVisitor
  readonly limits?: Partial<LayerLimits>
  readonly signal?: AbortSignal
  /** Called about once per MiB of stored bytes. */
  readonly onProgress?: (storedBytes: number, inflatedBytes: number) => void
}

/**
 * Reads a layer once: verifies size and digest of what is stored, inflates, verifies the digest of what was inflated, and
 * walks the tar. What the visitor was shown counts only once this resolves. Throws LayerFault, what the blob throws and
 * what the visitor throws; then the blob was ended and nothing is left running.
 *
 * Where the bytes are broken, the rest is read for its digest alone, so that a bad transfer (`digest-mismatch`,
 * `size-mismatch`) is told from a layer that was made broken (`corrupt`, `truncated`).
 */
export async function readLayer(
  blob: AsyncIterable<Buffer>,
  options: ReadLayerOptions,
): Promise<LayerReading> {
  const what = `layer ${options.digest}`
  if (/\+encrypted\b/i.test(options.mediaType)) {
    throw new LayerFault('unsupported', `${what} is encrypted (${options.mediaType})`)
  }
  const reader = new BlobReader(blob, options.size, what, options.signal)
  try {
    const compression = compressionOf(await reader.peek(magicLength), what)
    const stored = createHash(digestAlgorithm(options.digest))
    // Of an uncompressed layer the diff id is the digest: nothing is hashed twice.
    const hashed = compression === 'none' && digestAlgorithm(options.digest) === 'sha256'
    const limits = { ...defaultLayerLimits, ...options.limits }
    const contents = new LayerContents(options, limits, hashed, what)
    if (compression === 'none') await readPlain(reader, stored, contents, options)
    else await readCompressed(reader, compression, stored, contents, options, what)
    const diffId = contents.end(hashed ? options.digest : undefined)
    const { size: inflatedSize, entries } = contents
    return { digest: options.digest, diffId, compression, size: options.size, inflatedSize, entries }
  } finally {
    await reader.close()
  }
}

async function readPlain(
  reader: BlobReader,
  stored: Hash,
  contents: LayerContents,
  options: ReadLayerOptions,
): Promise<void> {
  let failure: LayerFault | undefined
  for (let chunk = await reader.next(); chunk; chunk = await reader.next()) {
    stored.update(chunk)
    if (failure) continue
    try {
      contents.take(chunk)
    } catch (error) {
      failure = ofBrokenBytes(error)
    }
    reader.throwIfAborted()
    options.onProgress?.(reader.stored, contents.size)
  }
  verifyStored(stored, options)
  if (failure) throw failure
}

/** The product's hot loop: while zlib's thread inflates one piece, this one hashes it and the output before it. */
async function readCompressed(
  reader: BlobReader,
  compression: 'gzip' | 'zstd',
  stored: Hash,
  contents: LayerContents,
  options: ReadLayerOptions,
  what: string,
): Promise<void> {
  const inflater = new Inflater(compression, (part) => contents.take(part), what)
  const pieces = reader.pieces()
  let failure: LayerFault | undefined
  try {
    let ahead = startNext(pieces)
    for (let piece = (await ahead).value; piece; piece = (await ahead).value) {
      ahead = startNext(pieces)
      const written = failure ? undefined : inflater.write(piece)
      // What fails is told below, when the piece was hashed.
      written?.catch(() => {})
      stored.update(piece)
      try {
        await written
      } catch (error) {
        failure = ofBrokenBytes(error)
      }
      reader.throwIfAborted()
      options.onProgress?.(reader.stored, contents.size)
    }
    verifyStored(stored, options)
    if (failure) throw failure
    await inflater.finish()
  } finally {
    inflater.destroy()
  }
}

/** A failure before anyone awaits it is no unhandled one. */
function startNext(pieces: AsyncGenerator<Buffer, undefined>): Promise<IteratorResult<Buffer, undefined>> {
  const next = pieces.next()
  next.catch(() => {})
  return next
}

/** Throws on whatever is no fault of the bytes. */
function ofBrokenBytes(error: unknown): LayerFault {
  if (error instanceof LayerFault && (error.code === 'corrupt' || error.code === 'truncated')) return error
  throw error
}

function verifyStored(stored: Hash, options: ReadLayerOptions): void {
  const digest = `${digestAlgorithm(options.digest)}:${stored.digest('hex')}`
  if (digest === options.digest) return
  throw new LayerFault('digest-mismatch', `layer ${options.digest}: what was read has digest ${digest}`)
}
