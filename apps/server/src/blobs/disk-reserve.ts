import { statfs } from 'node:fs/promises'
import { BlobFault } from './blob-fault.ts'

/** Space that blobs leave to others on the same disk: a database without any stops. */
export interface DiskReserve {
  /** Bytes. */
  readonly bytes: number
  /** Bytes that are free where a folder lies; the file system's word unless said. */
  readonly free?: (folder: string) => Promise<number>
}

/** Bytes of a body after which the disk is looked at again: others write, too. */
const lookEvery = 16 * 1024 * 1024

/** Passes a body on as long as the disk has more than the reserve; then it ends with `no-space`. */
export async function* withinReserve(
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  folder: string,
  { bytes, free = freeBytes }: DiskReserve,
): AsyncIterable<Buffer> {
  let unseen = lookEvery
  for await (const chunk of body) {
    unseen += chunk.length
    if (unseen >= lookEvery) {
      unseen = 0
      if ((await free(folder)) < bytes + chunk.length)
        throw new BlobFault(
          'no-space',
          `the disk has less than the ${bytes} bytes left that LANNER_DISK_RESERVE keeps free`,
        )
    }
    yield chunk
  }
}

/** As an ordinary account may use them. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
