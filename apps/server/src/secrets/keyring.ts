import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { Secret } from '@lanner/oci'
import { decodeKey } from './master-key.ts'
import { SecretFault } from './secret-fault.ts'

/** What a key is for: each has its own, derived from the master key, so that one never stands in for another. */
export type Purpose =
  | 'client-secret'
  | 'registry-token'
  | 'registry-credential'
  | 'installation-token'
  | 'worker-key'
  | 'session'
  | 'webhook'

/** Seals what must be had again, and hashes what must only be recognised. */
export interface Keyring {
  /** Text that only this installation, for the same purpose and tenant, opens again. AES-256-GCM. */
  seal(purpose: Purpose, cid: string, text: Secret): string
  open(purpose: Purpose, cid: string, sealed: string): Secret
  /** `<key id>.<HMAC-SHA-256, base64url>` of something with enough chance in it. */
  hash(purpose: Purpose, text: string): string
  /** In the same time whether or not it matches. */
  matches(purpose: Purpose, text: string, hash: string): boolean
  /** Whether a hash was made with a key that is at hand. */
  knows(hash: string): boolean
  /** Keys for a purpose, 32 bytes each: the first to sign with, all to check with. */
  keys(purpose: Purpose): readonly { readonly id: string; readonly key: Buffer }[]
}

const version = 's1'
const nonceBytes = 12
const tagBytes = 16

interface MasterKey {
  readonly id: string
  readonly bytes: Buffer
  readonly derived: Map<string, Buffer>
}

/** A keyring over master keys, the one to seal with first. */
export function openKeyring(masterKeys: readonly Secret[]): Keyring {
  const masters: readonly MasterKey[] = masterKeys.map((key) => {
    const bytes = decodeKey(key.reveal())
    return { id: derive(bytes, 'key id').subarray(0, 6).toString('base64url'), bytes, derived: new Map() }
  })
  const [current] = masters
  if (!current) throw new SecretFault('bad-key', 'a keyring needs at least one master key')

  function keyOf(master: MasterKey, use: string, purpose: Purpose): Buffer {
    const info = `${use} ${purpose}`
    let key = master.derived.get(info)
    if (!key) master.derived.set(info, (key = derive(master.bytes, info)))
    return key
  }

  function masterNamed(id: string): MasterKey | undefined {
    return masters.find((master) => master.id === id)
  }

  return {
    seal(purpose, cid, text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(current, 'seal', purpose), nonce)
      cipher.setAAD(boundTo(purpose, cid, current.id))
      const body = Buffer.concat([cipher.update(text.reveal(), 'utf8'), cipher.final()])
      return `${version}.${current.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(purpose, cid, sealed) {
      const [form, id = '', text = ''] = sealed.split('.')
      const bytes = Buffer.from(text, 'base64url')
      if (form !== version || bytes.length < nonceBytes + tagBytes)
        throw new SecretFault('damaged', `a sealed ${purpose} is not of the form that this version writes`)
      const master = masterNamed(id)
      if (!master)
        throw new SecretFault(
          'unknown-key',
          `a ${purpose} was sealed with the master key ${id}, which is not at hand: give the earlier key after the present one`,
        )
      const decipher = createDecipheriv(
        'aes-256-gcm',
        keyOf(master, 'seal', purpose),
        bytes.subarray(0, nonceBytes),
        { authTagLength: tagBytes },
      )
      decipher.setAAD(boundTo(purpose, cid, id))
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        const body = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
        return new Secret(body.toString('utf8'))
      } catch (error) {
        throw new SecretFault('damaged', `a sealed ${purpose} was changed, or belongs elsewhere`, {
          cause: error,
        })
      }
    },
    hash(purpose, text) {
      return `${current.id}.${hmac(keyOf(current, 'hash', purpose), text).toString('base64url')}`
    },
    matches(purpose, text, hash) {
      const [id = '', expected = ''] = hash.split('.')
      const master = masterNamed(id)
      const found = hmac(keyOf(master ?? current, 'hash', purpose), text)
      const wanted = Buffer.from(expected, 'base64url')
      return wanted.length === found.length && timingSafeEqual(found, wanted) && master !== undefined
    },
    knows: (hash) => masterNamed(hash.split('.', 1)[0] ?? '') !== undefined,
    keys: (purpose) => masters.map((master) => ({ id: master.id, key: keyOf(master, 'sign', purpose) })),
  }
}

function derive(master: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, 'lanner', info, 32))
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

/** Lengths stand before texts, so that no two pairs read the same. */
function boundTo(purpose: string, cid: string, keyId: string): Buffer {
  return Buffer.from([purpose, cid, keyId].map((part) => `${part.length}:${part}`).join(''))
}
