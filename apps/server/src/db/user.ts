import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { Role } from './tables/identity.ts'

export interface UserRecord {
  readonly cid: string
  readonly username: string
  readonly role: Role
  readonly passwordHash: string
  readonly createdAt: Date
  readonly disabledAt: Date | null
}

const columns = [
  'cid',
  'username',
  'role',
  'password_hash as passwordHash',
  'created_at as createdAt',
  'disabled_at as disabledAt',
] as const

/** Adds a user; false when the name is taken. */
export async function insertUser(
  database: Database,
  cid: string,
  user: Pick<UserRecord, 'username' | 'role' | 'passwordHash'>,
  now: Date,
): Promise<boolean> {
  const row = await database
    .insertInto('account')
    .values({
      username: user.username,
      cid,
      role: user.role,
      password_hash: user.passwordHash,
      created_at: now,
      disabled_at: null,
    })
    .onConflict((conflict) => conflict.column('username').doNothing())
    .returning('username')
    .executeTakeFirst()
  return row !== undefined
}

/** Who signs in, by the name that was given: the tenant follows from it. */
export async function findUserAtSignIn(
  database: Database,
  username: string,
): Promise<UserRecord | undefined> {
  return database
    .selectFrom('account')
    .select(columns)
    .where('username', '=', username)
    .modifyEnd(sql`/* every tenant: sign-in */`)
    .executeTakeFirst()
}

export async function findUser(
  database: Database,
  cid: string,
  username: string,
): Promise<UserRecord | undefined> {
  return database
    .selectFrom('account')
    .select(columns)
    .where('cid', '=', cid)
    .where('username', '=', username)
    .executeTakeFirst()
}

export async function listUsers(
  database: Database,
  cid: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<readonly UserRecord[]> {
  return database
    .selectFrom('account')
    .select(columns)
    .where('cid', '=', cid)
    .orderBy('username')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
}

export async function countUsers(database: Database, cid: string): Promise<number> {
  const { total } = await database
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('cid', '=', cid)
    .executeTakeFirstOrThrow()
  return total
}

/** Changes what is given of a user; undefined when the tenant has none of that name. */
export async function updateUser(
  database: Database,
  cid: string,
  username: string,
  change: { readonly role?: Role; readonly passwordHash?: string; readonly disabledAt?: Date | null },
): Promise<UserRecord | undefined> {
  return database
    .updateTable('account')
    .set({
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
      ...(change.disabledAt === undefined ? {} : { disabled_at: change.disabledAt }),
    })
    .where('cid', '=', cid)
    .where('username', '=', username)
    .returning(columns)
    .executeTakeFirst()
}

export async function deleteUser(database: Database, cid: string, username: string): Promise<boolean> {
  const { numDeletedRows } = await database
    .deleteFrom('account')
    .where('cid', '=', cid)
    .where('username', '=', username)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Administrators who can sign in, other than one. */
export async function countOtherAdministrators(
  database: Database,
  cid: string,
  username: string,
): Promise<number> {
  const { total } = await database
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('cid', '=', cid)
    .where('username', '<>', username)
    .where('role', '=', 'administrator')
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return total
}
