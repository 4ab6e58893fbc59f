import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import { DatabaseFault, statementFault } from './database-fault.ts'
import { checkServer } from './open-database.ts'

/** A server that says of itself what it is told to. */
function saying(version: string, encoding: string): Pick<pg.Pool, 'query'> {
  return { query: async () => ({ rows: [{ version, encoding }] }) } as never
}

test('a server that is too old, or keeps text otherwise, is refused in words', async () => {
  await checkServer(saying('150000', 'UTF8'))
  const old = { code: 'unsupported', message: 'the database is PostgreSQL 14: 15 or newer is needed' }
  await assert.rejects(checkServer(saying('140018', 'UTF8')), old)
  await assert.rejects(checkServer(saying('90603', 'UTF8')), { message: /PostgreSQL 9:/ })
  await assert.rejects(checkServer(saying('180000', 'LATIN1')), { message: /keeps text as LATIN1/ })
})

test('what a server says to strangers is a fault, not a mistake of ours', () => {
  const said = (code: string | undefined, message: string) =>
    statementFault(Object.assign(new Error(message), code === undefined ? {} : { code }))
  const codeOf = (code: string | undefined, message = 'x') => {
    const fault = said(code, message)
    return fault instanceof DatabaseFault ? fault.code : 'none'
  }
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  for (const code of ['28P01', '28000', '3D000', '42501']) assert.equal(codeOf(code), 'not-permitted', code)
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'])
    assert.equal(codeOf(code), 'unavailable', code)
  assert.equal(codeOf('EHOSTUNREACH'), 'unavailable')
  assert.equal(codeOf(undefined, 'The server does not support SSL connections'), 'unavailable')
  assert.equal(codeOf('23505'), 'none')
})
