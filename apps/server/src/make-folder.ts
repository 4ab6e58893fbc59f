import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing, for its owner only unless said; gives the uppermost that was made,
 * undefined where nothing was. Throws what the file system throws.
 *
 * Node's own recursive `mkdir` never ends below `/proc`, and says of a read-only disk that there is no such folder.
 */
export async function makeFolder(path: string, mode = 0o700): Promise<string | undefined> {
  try {
    await mkdir(path, { mode })
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && dirname(path) !== path) {
      const uppermost = await makeFolder(dirname(path), mode)
      // What is missing now is not missing for want of a folder above it.
      await mkdir(path, { mode }).catch((again) => unlessFolder(path, again))
      return uppermost ?? path
    }
    await unlessFolder(path, error)
    return undefined
  }
}

/** Also where somebody else was first, or where the disk says that it is read-only before it says that the folder is there. */
async function unlessFolder(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) throw error
}
