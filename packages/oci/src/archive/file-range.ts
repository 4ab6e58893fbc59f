import type { FileHandle } from 'node:fs/promises'

/** As large as what a network gives; larger ones only wait for the garbage collector. */
const chunkBytes = 256 * 1024

/** Bytes `start` to `end` of a file, in chunks that are never reused. Ends early where the file does. */
export async function* readRange(
  file: FileHandle,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, undefined> {
  for (let at = start; at < end; ) {
    signal?.throwIfAborted()
    const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - at))
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) return
    yield bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead)
    at += bytesRead
  }
}
