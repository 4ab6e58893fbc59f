import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { FirstCredentials } from './use-cases/bootstrap.ts'

/** What the first start leaves for its owner, and where the server answers now. */
export interface BootstrapFile extends FirstCredentials {
  readonly url?: string
}

export const bootstrapFile = 'bootstrap.json'

/** What an earlier start wrote; undefined where there is nothing whole. */
export async function readBootstrapFile(folder: string): Promise<BootstrapFile | undefined> {
  const text = await readFile(join(folder, bootstrapFile), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const members = ['cid', 'client_id', 'client_secret', 'username', 'password']
    return members.every((member) => typeof value[member] === 'string')
      ? (value as unknown as BootstrapFile)
      : undefined
  } catch {
    return undefined
  }
}

/** Writes it whole or not at all, for its owner's eyes only. */
export async function writeBootstrapFile(folder: string, content: BootstrapFile): Promise<void> {
  const { url, cid, client_id, client_secret, username, password } = content
  const text = JSON.stringify({ url, cid, client_id, client_secret, username, password }, null, 2)
  const path = join(folder, bootstrapFile)
  const making = `${path}.${process.pid}`
  const file = await open(making, 'w', 0o600)
  try {
    await file.writeFile(`${text}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(making, path)
}
