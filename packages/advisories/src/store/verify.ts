import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { AdvisoryFault } from '../fault.ts'
import { readManifest } from './manifest.ts'

/**
 * Reads every byte of the store and compares it with the digests noted when it was written; opening does not, for it would
 * take a thousand times longer. Throws AdvisoryFault `no-store` or `corrupt`.
 */
export async function verifyStore(folder: string): Promise<{ revision: string; bytes: number }> {
  const manifest = readManifest(folder)
  if (manifest === undefined)
    throw new AdvisoryFault(
      'no-store',
      `There are no advisories in ${folder} yet; import or update them first`,
    )
  let bytes = 0
  for (const { file, sha256 } of manifest.segments) {
    const path = join(folder, file)
    const hash = createHash('sha256')
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
        hash.update(chunk)
        bytes += chunk.length
      }
    } catch (cause) {
      throw new AdvisoryFault('corrupt', `${path} cannot be read; import or update the advisories again`, {
        cause,
      })
    }
    if (hash.digest('hex') !== sha256) {
      throw new AdvisoryFault(
        'corrupt',
        `${path} is not what was written; import or update the advisories again`,
      )
    }
  }
  return { revision: manifest.revision, bytes }
}
