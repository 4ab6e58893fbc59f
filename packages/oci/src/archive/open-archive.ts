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
/** Inflated bytes for each compressed one, as with a layer, and from how many on that counts. */
const maxRatio = 1000
const ratioFrom = 64 * 1024 ** 2

/**
 * Opens the tar archive `name`, called `path` in messages. Throws SourceFault, what the file system throws, and the
 * signal's reason.
 */
export async function openArchive(name: string, path: string, signal?: AbortSignal): Promise<Files> {
  const file = await open(name, 'r')
  let inflated: FileHandle | undefined
  try {
    const start = Buffer.alloc(magicLength)
    const { bytesRead } = await file.read(start, 0, magicLength, 0)
    const compression = compressionOf(start.subarray(0, bytesRead), path)
    if (compression === 'none') return TarFiles.open(file, path)
    inflated = await inflate(file, compression, path, signal)
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

async function inflate(
  file: FileHandle,
  compression: 'gzip' | 'zstd',
  path: string,
  signal: AbortSignal | undefined,
): Promise<FileHandle> {
  const most = Math.min(maxInflated, Math.max(ratioFrom, maxRatio * (await file.stat()).size))
  const target = await temporaryFile(path)
  let size = 0
  const inflater = new Inflater(
    compression,
    (chunk) => {
      size += chunk.length
      if (size > most) throw new SourceFault('malformed', `${path} inflates to more than ${most} bytes`)
      writeAll(target, chunk, path)
      return false
    },
    path,
  )
  try {
    for await (const chunk of readRange(file, 0, Number.POSITIVE_INFINITY, signal))
      await inflater.write(chunk)
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
async function temporaryFile(path: string): Promise<FileHandle> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'lanner-archive-'))
    try {
      return await open(join(folder, 'archive.tar'), 'wx+', 0o600)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } catch (cause) {
    throw noPlace(path, cause)
  }
}

function writeAll(target: FileHandle, bytes: Buffer, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(target.fd, bytes, at)
  } catch (cause) {
    throw noPlace(path, cause)
  }
}

/** It is not the archive that is at fault. */
function noPlace(path: string, cause: unknown): SourceFault {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
  return new SourceFault(
    'unreadable',
    `${path} is compressed, and there is no place in ${tmpdir()} to inflate it to (${code}): make room, name another folder in TMPDIR, or give it uncompressed`,
    { cause },
  )
}
