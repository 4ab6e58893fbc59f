import { LayerFault } from './layer-fault.ts'
import type { LayerReading } from './read-layer-types.ts'

/** Bytes that tell the compression. */
export const magicLength = 6

/**
 * How a blob is compressed by its first bytes; media types are not believed. Whatever has no magic is taken for a tar, which
 * the walker then says. `what` names the blob in messages. Throws `unsupported` for formats that no image may use.
 * https://github.com/opencontainers/image-spec/blob/main/layer.md
 */
export function compressionOf(start: Buffer, what: string): LayerReading['compression'] {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start.length >= 4) {
    const magic = start.readUInt32LE(0)
    if (isZstdMagic(magic)) return 'zstd'
  }
  const text = start.toString('latin1', 0, magicLength)
  if (text.startsWith('BZh')) throw new LayerFault('unsupported', `${what} is compressed with bzip2`)
  if (text === '\xfd7zXZ\0') throw new LayerFault('unsupported', `${what} is compressed with xz`)
  return 'none'
}

/** A frame's, or a skippable frame's. https://www.rfc-editor.org/rfc/rfc8878#section-3.1 */
export function isZstdMagic(magic: number): boolean {
  return magic === 0xfd2fb528 || isSkippableMagic(magic)
}

export function isSkippableMagic(magic: number): boolean {
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f
}
