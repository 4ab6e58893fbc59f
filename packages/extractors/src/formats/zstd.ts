import { zstdDecompressSync } from 'node:zlib'
import { ExtractFault } from '../extractor.ts'

const magic = 0xfd2fb528

/** Whether the content begins with a zstd frame. https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1 */
export function isZstd(content: Buffer): boolean {
  return content.length >= 4 && content.readUInt32LE(0) === magic
}

/** The inflated content. Throws ExtractFault `limit-exceeded` above `limit` bytes, `malformed` when it does not inflate. */
export function inflateZstd(content: Buffer, limit: number): Buffer {
  try {
    return zstdDecompressSync(content, { maxOutputLength: limit })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ExtractFault('limit-exceeded', `zstd content inflates to more than ${limit} bytes`, { cause })
    }
    throw new ExtractFault('malformed', 'zstd content does not inflate', { cause })
  }
}
