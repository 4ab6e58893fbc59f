import { realpathSync, statSync } from 'node:fs'
import { SourceFault } from '../source-fault.ts'
import { type Files, FolderFiles } from './files.ts'

/**
 * Opens a folder or a tar archive. A compressed archive is inflated into a nameless temporary file first, since images are
 * not stored in the order they are read. Throws SourceFault `not-found`, `unreadable`, `malformed`.
 */
export async function openFiles(path: string, signal?: AbortSignal): Promise<Files> {
  try {
    const folder = realpathSync.native(path)
    const found = statSync(folder)
    if (found.isDirectory()) return new FolderFiles(folder)
    if (!found.isFile()) throw new SourceFault('unreadable', `${path} is neither a file nor a folder`)
    // A folder needs nothing of what reads and inflates archives.
    const { openArchive } = await import('./open-archive.ts')
    return await openArchive(folder, path, signal)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (cause instanceof SourceFault || typeof code !== 'string') throw cause
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SourceFault('not-found', `there is no file or folder ${path}`, { cause })
    throw new SourceFault('unreadable', `${path} cannot be read (${code})`, { cause })
  }
}
