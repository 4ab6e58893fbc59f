import { constants } from 'node:fs'
import { access, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { readBootstrap } from '../connection.ts'
import { formatBytes } from '../output/text.ts'
import { type Check, failed, ok, warning, wordsOf } from './check.ts'

/** Below this a push of one larger image may fail. */
const scarce = 5e9
/** Below this PostgreSQL itself is in danger. */
const least = 500e6

export async function checkFolder(folder: string): Promise<Check> {
  const name = 'data directory'
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error)
    return found.code === 'ENOENT'
      ? failed(name, `${folder} is not there`, 'Start a server (`lanner serve`), or name another --data-dir.')
      : failed(name, wordsOf(found), 'Run this as the user that the server runs as.')
  if (!found.isDirectory()) return failed(name, `${folder} is no folder`, 'Name another --data-dir.')
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return failed(
      name,
      wordsOf(error),
      'Give the folder to the user that the server runs as, and run this as it.',
    )
  }
  if (process.platform !== 'win32' && (found.mode & 0o002) !== 0)
    return failed(name, `${folder} can be written by everybody`, `Close it: chmod o-w ${folder}`)
  return ok(name, folder)
}

export async function checkSpace(folder: string): Promise<Check> {
  const name = 'disk'
  const { bavail, bsize, ffree, files } = await statfs(folder)
  const free = bavail * bsize
  const advice = 'Make room, let images expire, or keep blobs in a bucket (LANNER_S3_ENDPOINT).'
  if (files > 0 && ffree === 0) return failed(name, 'no more files can be made', advice)
  if (free < least) return failed(name, `${formatBytes(free)} free`, advice)
  return free < scarce
    ? warning(name, `${formatBytes(free)} free`, advice)
    : ok(name, `${formatBytes(free)} free`)
}

export async function checkBootstrap(folder: string): Promise<Check> {
  const name = 'credentials'
  const path = join(folder, 'bootstrap.json')
  const found = await stat(path).catch(() => undefined)
  if (!found)
    return warning(
      name,
      `there is no ${path}`,
      'The first start writes it; after an import copy it from the old data directory, or sign in with other credentials.',
    )
  if (isOpen(found.mode))
    return failed(
      name,
      `${path} can be read by others`,
      `Close it (chmod 600 ${path}) and replace the client in it.`,
    )
  const bootstrap = readBootstrap(folder)
  return bootstrap?.clientId && bootstrap.clientSecret
    ? ok(name, `${path}${bootstrap.url ? ` names ${bootstrap.url}` : ''}`)
    : failed(name, `${path} holds no whole credentials`, 'Move it away: nothing of it can be used.')
}

export async function checkMasterKey(folder: string, setting: string | undefined): Promise<Check> {
  const name = 'master key'
  const { masterKeyFile, parseMasterKeys } = await import('@lanner/server')
  const path = join(folder, masterKeyFile)
  const source = setting ? 'LANNER_MASTER_KEY' : path
  try {
    if (!setting && ((await stat(path)).mode & 0o007) !== 0)
      return failed(
        name,
        `${path} can be read by everybody`,
        'Close it (chmod 600) and change the key: put a new one before it, a line each.',
      )
    const keys = parseMasterKeys(setting ?? (await readFile(path, 'utf8')), source)
    return ok(name, `${keys.length === 1 ? 'one key' : `${keys.length} keys`} in ${source}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return failed(
        name,
        `there is no ${path}, and LANNER_MASTER_KEY is not set`,
        'Put back the key of the backup: without it nothing that is sealed can be opened. A first start makes one.',
      )
    return failed(name, wordsOf(error), 'Put the key of the backup in its place.')
  }
}

function isOpen(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0
}
