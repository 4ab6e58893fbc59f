import { randomInt } from 'node:crypto'
import { Secret } from '@lanner/oci'
import type { Database } from '../db/database.ts'
import type { Role } from '../db/tables/identity.ts'
import { transaction as inTransaction } from '../db/transaction.ts'
import {
  countOtherAdministrators,
  countUsers,
  deleteUser,
  findUser,
  insertUser,
  listUsers,
  type UserRecord,
  updateUser,
} from '../db/user.ts'
import { hashPassword, type PasswordCost } from '../secrets/password.ts'
import { record } from './audit.ts'
import { type Actor, whom } from './clients.ts'
import { RequestFault } from './request-fault.ts'

/** A user as its tenant sees it. */
export type User = Omit<UserRecord, 'passwordHash'>

/** People with a password. Administrators may do everything in their tenant, readers read. */
export interface Users {
  /** Without a password one is made; it is in this answer only. */
  create(
    by: Actor,
    user: { readonly username: string; readonly role: Role; readonly password?: Secret },
  ): Promise<{ readonly user: User; readonly password: Secret }>
  list(
    cid: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly users: readonly User[]; readonly total: number }>
  update(
    by: Actor,
    username: string,
    change: { readonly role?: Role; readonly password?: Secret; readonly disabled?: boolean },
  ): Promise<User>
  remove(by: Actor, username: string): Promise<void>
}

/** Characters of a password, at least and at most. */
const passwordLength = { least: 12, most: 256 }

export function users(ports: {
  readonly database: Database
  readonly clock: () => number
  /** Told after a user was changed. */
  readonly changed: (username: string) => void
  readonly passwordCost?: PasswordCost
}): Users {
  const { database, clock, passwordCost } = ports
  return {
    async create(by, { username: given, role, password = newPassword() }) {
      const username = normalUsername(given)
      checkPassword(password)
      const passwordHash = await hashPassword(password, passwordCost)
      const now = clock()
      await inTransaction(database, async (transaction) => {
        if (!(await insertUser(transaction, by.cid, { username, role, passwordHash }, new Date(now))))
          throw new RequestFault('conflict', `the user name ${username} is taken`)
        await record(
          transaction,
          by.cid,
          { action: 'user_create', ...whom(by), subject: username, details: { role } },
          now,
        )
      })
      return {
        user: { cid: by.cid, username, role, createdAt: new Date(now), disabledAt: null },
        password,
      }
    },
    async list(cid, page) {
      const [rows, total] = await Promise.all([listUsers(database, cid, page), countUsers(database, cid)])
      return { users: rows.map(visible), total }
    },
    async update(by, given, { role, password, disabled }) {
      const username = normalUsername(given)
      if (password) checkPassword(password)
      const passwordHash = password && (await hashPassword(password, passwordCost))
      const now = clock()
      const user = await inTransaction(database, async (transaction) => {
        if (role === 'reader' || disabled === true) await checkOthers(transaction, by.cid, username)
        const updated = await updateUser(transaction, by.cid, username, {
          ...(role === undefined ? {} : { role }),
          ...(passwordHash === undefined ? {} : { passwordHash }),
          ...(disabled === undefined ? {} : { disabledAt: disabled ? new Date(now) : null }),
        })
        if (!updated) throw missing(username)
        const details = { role, disabled, password: password ? 'changed' : undefined }
        await record(
          transaction,
          by.cid,
          { action: 'user_update', ...whom(by), subject: username, details },
          now,
        )
        return updated
      })
      ports.changed(username)
      return visible(user)
    },
    async remove(by, given) {
      const username = normalUsername(given)
      const now = clock()
      await inTransaction(database, async (transaction) => {
        if (!(await findUser(transaction, by.cid, username))) throw missing(username)
        await checkOthers(transaction, by.cid, username)
        await deleteUser(transaction, by.cid, username)
        await record(transaction, by.cid, { action: 'user_delete', ...whom(by), subject: username }, now)
      })
      ports.changed(username)
    },
  }
}

/** Somebody must be left who can let others in. */
async function checkOthers(database: Database, cid: string, username: string): Promise<void> {
  const user = await findUser(database, cid, username)
  if (user?.role !== 'administrator' || user.disabledAt !== null) return
  if ((await countOtherAdministrators(database, cid, username)) === 0)
    throw new RequestFault('conflict', `${username} is the last administrator`)
}

function visible({ passwordHash: _, ...user }: UserRecord): User {
  return user
}

function missing(username: string): RequestFault {
  return new RequestFault('not-found', `there is no user ${username}`, { id: username })
}

/** Lower case; a refusal of what cannot be a name. */
function normalUsername(name: string): string {
  const username = name.trim().toLowerCase()
  if (!/^[a-z0-9][a-z0-9._@+-]{0,62}$/.test(username))
    throw new RequestFault(
      'invalid',
      'username: 1 to 63 letters, digits and . _ @ + -, the first a letter or digit',
    )
  return username
}

function checkPassword(password: Secret): void {
  const { length } = password.reveal()
  if (length < passwordLength.least || length > passwordLength.most)
    throw new RequestFault(
      'invalid',
      `password: ${passwordLength.least} to ${passwordLength.most} characters`,
    )
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'

/** 24 characters that are not mistaken for each other: 139 bits of chance. */
export function newPassword(): Secret {
  return new Secret(Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join(''))
}
