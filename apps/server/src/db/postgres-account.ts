import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseFault } from './database-fault.ts'
import type { Account } from './postgres-program.ts'

interface Entry {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Accounts that may exist for the purpose, best first. */
const candidates = ['lanner', 'postgres', 'nobody']

/**
 * The account that the database runs under. PostgreSQL refuses to run as root, and it wants an account that is listed: so
 * root gives it the owner of the data that are there, else one that exists. Anyone else runs it as themselves.
 * @throws DatabaseFault `not-permitted` when root finds none
 */
export async function databaseAccount(data: string, us = process.getuid?.()): Promise<Account> {
  if (us !== 0) return {}
  const entries = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''))
  const owner = await stat(data).catch(() => undefined)
  const found =
    (owner && owner.uid !== 0 && entries.find(({ uid }) => uid === owner.uid)) ||
    candidates.map((wanted) => entries.find(({ name }) => name === wanted)).find((entry) => entry)
  if (!found)
    throw new DatabaseFault(
      'not-permitted',
      `PostgreSQL does not run as root, and none of the accounts ${candidates.join(', ')} exists: start as another user, add one of them, or name a server by DATABASE_URL`,
    )
  return { uid: found.uid, gid: found.gid }
}

/** Accounts of a file as `passwd(5)` describes it, without root. */
export function parsePasswd(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (!name || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '') || Number(uid) === 0) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** Whether the account may pass through every folder above a path, itself included. */
export async function reachable(folder: string, { uid, gid }: Account): Promise<boolean> {
  if (uid === undefined) return true
  for (let at = folder; ; at = dirname(at)) {
    const entry = await stat(at)
    const bit = entry.uid === uid ? 0o100 : entry.gid === gid ? 0o010 : 0o001
    if ((entry.mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}
