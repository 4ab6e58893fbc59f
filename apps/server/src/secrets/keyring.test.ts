import assert from 'node:assert/strict'
import { createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '@lanner/oci'
import { openKeyring } from './keyring.ts'
import { masterKeyFile, parseMasterKeys, readMasterKeys } from './master-key.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { SecretFault } from './secret-fault.ts'

const first = new Secret('11'.repeat(32))
const second = new Secret('22'.repeat(32))
const cid = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'
const cheap = { logN: 4, r: 8, p: 1 }

test('what was sealed opens for the same purpose and tenant only', () => {
  const keyring = openKeyring([first])
  const sealed = keyring.seal('registry-credential', cid, new Secret('geheim ✓'))
  assert.doesNotMatch(sealed, /geheim/)
  assert.equal(keyring.open('registry-credential', cid, sealed).reveal(), 'geheim ✓')
  const damaged = (error: unknown) => error instanceof SecretFault && error.code === 'damaged'
  assert.throws(() => keyring.open('registry-credential', cid.replace('0', '1'), sealed), damaged)
  assert.throws(() => keyring.open('webhook', cid, sealed), damaged)
  assert.throws(() => keyring.open('webhook', cid, 'nonsense'), damaged)
  const flipped = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  assert.throws(() => keyring.open('registry-credential', cid, flipped), damaged)
  assert.notEqual(sealed, keyring.seal('registry-credential', cid, new Secret('geheim ✓')))
})

test('it is AES-256-GCM with a 96 bit nonce, a 128 bit tag and a key by HKDF-SHA-256', () => {
  const [form, id = '', text = ''] = openKeyring([first]).seal('webhook', cid, new Secret('abc')).split('.')
  assert.equal(form, 's1')
  const bytes = Buffer.from(text, 'base64url')
  const master = Buffer.from(first.reveal(), 'hex')
  const key = Buffer.from(hkdfSync('sha256', master, 'lanner', 'seal webhook', 32))
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(`7:webhook32:${cid}${id.length}:${id}`))
  decipher.setAuthTag(bytes.subarray(12, 28))
  assert.equal(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(), 'abc')
})

test('after a change of keys, what the older one sealed and hashed still counts', () => {
  const before = openKeyring([first])
  const after = openKeyring([second, first])
  const sealed = before.seal('session', cid, new Secret('x'))
  const hash = before.hash('client-secret', 'secret')
  assert.equal(after.open('session', cid, sealed).reveal(), 'x')
  assert.ok(after.matches('client-secret', 'secret', hash))
  assert.ok(!after.matches('client-secret', 'Secret', hash))
  assert.ok(!after.matches('session', 'secret', hash))
  const without = openKeyring([second])
  assert.throws(
    () => without.open('session', cid, sealed),
    (error: unknown) => error instanceof SecretFault && error.code === 'unknown-key',
  )
  assert.ok(!without.matches('client-secret', 'secret', hash))
  assert.ok(!without.matches('client-secret', 'secret', ''))
  assert.deepEqual([without.knows(hash), without.knows('')], [false, false])
})

test('the key file is made once, whole, for its owner only', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-key-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, masterKeyFile)
  await assert.rejects(readMasterKeys(folder, undefined, false), /there is no .*master\.key/)
  const made = await Promise.all(Array.from({ length: 8 }, () => readMasterKeys(folder, undefined)))
  assert.equal(new Set(made.map(([key]) => key?.reveal())).size, 1, 'all that start at once use the same key')
  assert.deepEqual(await readdir(folder), [masterKeyFile])
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal(Buffer.from((await readFile(path, 'utf8')).trim(), 'base64').length, 32)

  await chmod(path, 0o644)
  await assert.rejects(readMasterKeys(folder, undefined), /can be read by everybody/)
  await writeFile(path, 'short\n')
  await chmod(path, 0o600)
  await assert.rejects(readMasterKeys(folder, undefined), /a master key is 32 bytes/)
  const [given] = await readMasterKeys(folder, second)
  assert.equal(given?.reveal(), second.reveal())
})

test('master keys are hex or base64, and their text is in no message', () => {
  const base64 = randomBytes(32).toString('base64')
  assert.equal(parseMasterKeys(`${base64},${first.reveal()}`, 'x').length, 2)
  for (const wrong of ['', 'abcd', base64.slice(4), `${first.reveal()}0`, `${base64},zz`])
    assert.throws(
      () => parseMasterKeys(wrong, 'LANNER_MASTER_KEY'),
      (error: Error) =>
        error.message.startsWith('LANNER_MASTER_KEY') && !(wrong && error.message.includes(wrong)),
    )
})

test('passwords', async () => {
  const stored = await hashPassword(new Secret('korrekt'), cheap)
  assert.match(stored, /^scrypt\$4\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  const [, , , , salt = '', hash] = stored.split('$')
  const derived = scryptSync('korrekt', Buffer.from(salt, 'base64url'), 32, { N: 16, r: 8, p: 1 })
  assert.equal(hash, derived.toString('base64url'))
  assert.ok(await passwordMatches(new Secret('korrekt'), stored))
  assert.ok(!(await passwordMatches(new Secret('Korrekt'), stored)))
  assert.ok(!(await passwordMatches(new Secret('korrekt'), undefined)))
  assert.ok(!(await passwordMatches(new Secret(''), 'scrypt$4$8$1$$')))
})
