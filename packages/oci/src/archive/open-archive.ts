import { writeSync } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compressionOf, magicLength } from '../layer/compression.ts'
import { Inflater } from '../layer/inflater.ts'
import { LayerFault } from '../layer/layer-fault.ts'
import { SourceFault } from '../source-fault.ts'
import { readRange } from './file-range.ts'
import type { Files } from './files.ts'
import { TarFiles } from './tar-files.ts'

/** Inflated bytes of a compressed archive. */
const maxInflated = 64 * 1024 ** 3

/** Opens the tar archive `file`, called `path` in messages. Throws SourceFault, and what the file system throws. */
export async function openArchive(name: string, path: string): Promise<Files> {
  const file = await open(name, 'r')
  let inflated: FileHandle | undefined
  try {
    const start = Buffer.alloc(magicLength)
    const { bytesRead } = await file.read(start, 0, magicLength, 0)
    const compression = compressionOf(start.subarray(0, bytesRead), path)
    if (compression === 'none') return TarFiles.open(file, path)
    inflated = await inflate(file, compression, path)
  } catch (error) {
    await file.close()
    if (!(error instanceof LayerFault)) throw error
    throw new SourceFault(error.code === 'unsupported' ? 'unsupported' : 'malformed', error.message, {
      cause: error,
    })
  }
  await file.close()
  return TarFiles.open(inflated, path)
}

async function inflate(file: FileHandle, compression: 'gzip' | 'zstd', path: string): Promise<FileHandle> {
  const target = await temporaryFile()
  let size = 0
  const inflater = new Inflater(
    compression,
    (chunk) => {
      size += chunk.length
      if (size > maxInflated) {
        throw new SourceFault('malformed', `${path} inflates to more than ${maxInflated} bytes`)
      }
      for (let at = 0; at < chunk.length; ) at += writeSync(target.fd, chunk, at)
      return false
    },
    path,
  )
  try {
    for await (const chunk of readRange(file, 0, Number.POSITIVE_INFINITY)) await inflater.write(chunk)
    await inflater.finish()
    return target
  } catch (error) {
    await target.close()
    throw error
  } finally {
    inflater.destroy()
  }
}

/** Unlinked while open: it is gone when it is closed, however the process ends. */
async function temporaryFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-archive-'))
  try {
    return await open(join(folder, 'archive.tar'), 'wx+', 0o600)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
