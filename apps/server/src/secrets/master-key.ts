import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret } from '@lanner/oci'
import { makeFolder } from '../make-folder.ts'
import { SecretFault } from './secret-fault.ts'

const keyBytes = 32

/** Name of the key file in the data directory. */
export const masterKeyFile = 'master.key'

/**
 * The installation's master keys, the one to seal with first: those that the setting gives, else those of the key file
 * in the data directory, which is made when there is none and `make` says so. After a change of keys the older ones follow, so that what
 * they sealed can still be opened: separated by commas in the setting, one a line in the file.
 */
export async function readMasterKeys(
  folder: string,
  setting: Secret | undefined,
  make = true,
): Promise<readonly Secret[]> {
  if (setting) return parseMasterKeys(setting.reveal(), 'LANNER_MASTER_KEY')
  const path = join(folder, masterKeyFile)
  const kept = await readKeyFile(path)
  if (kept === undefined && !make)
    throw new SecretFault(
      'unknown-key',
      `there is no ${path}, and the database was filled with a master key: put it there, or give it as LANNER_MASTER_KEY`,
    )
  return parseMasterKeys(kept ?? (await makeKeyFile(folder, path)), path)
}

/** Each as 64 hex digits or as base64 of 32 bytes. */
export function parseMasterKeys(text: string, source: string): readonly Secret[] {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '')
  if (keys.length === 0) throw new SecretFault('bad-key', `${source} holds no master key`)
  for (const key of keys)
    if (decodeKey(key).length !== keyBytes)
      throw new SecretFault(
        'bad-key',
        `${source}: a master key is ${keyBytes} bytes, as 64 hex digits or base64`,
      )
  return keys.map((key) => new Secret(key))
}

export function decodeKey(key: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
  return /^[\w+/-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : Buffer.alloc(0)
}

async function readKeyFile(path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { mode } = await file.stat()
    // The group may be the service's own (a volume of a cluster sets it); the world never is.
    if (process.platform !== 'win32' && (mode & 0o007) !== 0)
      throw new SecretFault(
        'bad-key',
        `${path} can be read by everybody: give it mode 0600, and change the key`,
      )
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Whole or not at all, and never over another's: of two servers that start at once, both use the first one's key. */
async function makeKeyFile(folder: string, path: string): Promise<string> {
  await makeFolder(folder)
  const draft = join(folder, `.${masterKeyFile}.${process.pid}.${randomBytes(4).toString('hex')}`)
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`)
    await file.sync()
    await file.close()
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await syncFolder(folder)
  } finally {
    await rm(draft, { force: true })
  }
  return (await readKeyFile(path))!
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const file = await open(folder, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
