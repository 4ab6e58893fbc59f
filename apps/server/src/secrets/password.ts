import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@lanner/oci'

/** What a guess costs. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export interface PasswordCost {
  /** Power of two of `N`. */
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 32 MiB for each that is looked at. */
export const passwordCost: PasswordCost = { logN: 15, r: 8, p: 3 }

const hashBytes = 32

/** `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`: with its cost, so that the cost can rise later. */
export async function hashPassword(password: Secret, cost: PasswordCost = passwordCost): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, cost)
  return ['scrypt', cost.logN, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join(
    '$',
  )
}

/** Without a stored hash it takes as long as with one: names cannot be found out by the clock. */
export async function passwordMatches(password: Secret, stored: string | undefined): Promise<boolean> {
  const { cost, salt, hash } = parse(stored) ?? nobodys
  const found = await derive(password, salt, cost)
  return timingSafeEqual(found, hash) && hash !== nobodys.hash
}

interface Stored {
  readonly cost: PasswordCost
  readonly salt: Buffer
  readonly hash: Buffer
}

const nobodys: Stored = { cost: passwordCost, salt: randomBytes(16), hash: randomBytes(hashBytes) }

const form =
  /^scrypt\$(?<logN>1\d|2[0-2]|[1-9])\$(?<r>[1-9]\d?)\$(?<p>[1-9])\$(?<salt>[\w-]{22})\$(?<hash>[\w-]{43})$/

function parse(stored: string | undefined): Stored | undefined {
  const groups = form.exec(stored ?? '')?.groups
  if (!groups) return undefined
  return {
    cost: { logN: Number(groups['logN']), r: Number(groups['r']), p: Number(groups['p']) },
    salt: Buffer.from(groups['salt']!, 'base64url'),
    hash: Buffer.from(groups['hash']!, 'base64url'),
  }
}

function derive(password: Secret, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  const N = 2 ** cost.logN
  const options = { N, r: cost.r, p: cost.p, maxmem: 128 * N * cost.r * 2 }
  return new Promise((resolve, reject) =>
    scrypt(password.reveal().normalize('NFKC'), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
