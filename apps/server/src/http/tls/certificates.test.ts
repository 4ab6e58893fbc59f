import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { createLog } from '../../telemetry/log.ts'
import { createMetrics } from '../../telemetry/metrics.ts'
import { rateLimits } from '../../use-cases/rate-limits.ts'
import { createServer } from '../server.ts'
import { issueCertificate, makeAuthority } from './authority.ts'
import { certificateFiles, daysLeft, selfSignedCertificates, watchCertificate } from './certificates.ts'
import { TlsFault } from './tls-fault.ts'

const now = new Date('2026-03-02T09:14:05Z')
const day = 86_400_000

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lanner-tls-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

test('our authority and its certificates are what RFC 5280 asks for', () => {
  const authority = makeAuthority(now)
  const { cert } = issueCertificate(
    authority,
    ['localhost', '127.0.0.1', '::1', 'a.example', '2001:db8::7:1'],
    now,
  )
  const root = new X509Certificate(authority.cert)
  const leaf = new X509Certificate(cert)
  assert.ok(root.ca && !leaf.ca)
  assert.ok(root.verify(root.publicKey))
  assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root))
  assert.equal(leaf.issuer, root.subject)
  for (const host of ['localhost', 'a.example']) assert.equal(leaf.checkHost(host), host)
  for (const ip of ['127.0.0.1', '::1', '2001:db8::7:1']) assert.equal(leaf.checkIP(ip), ip)
  assert.equal(leaf.checkHost('b.example'), undefined)
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.ok(leaf.validFromDate < now)
  assert.ok(leaf.validToDate.getTime() - now.getTime() < 398 * day)
  assert.equal(root.validToDate.getUTCFullYear(), 2036)
  assert.notEqual(leaf.serialNumber, root.serialNumber)
})

test('self-signed: kept, made anew in time and for other names, keys for their owner only', async (t) => {
  const data = await folder(t)
  let at = now.getTime()
  const source = selfSignedCertificates(data, [], () => at)
  const first = await source.read()
  assert.equal(new X509Certificate(first.cert).checkHost(hostname()), hostname())
  assert.deepEqual(await source.read(), first)
  for (const key of ['ca.key', 'server.key'])
    assert.equal((await stat(join(data, 'tls', key))).mode & 0o777, 0o600)
  const authority = await readFile(source.authorityPath, 'utf8')
  assert.ok(first.cert.endsWith(authority), 'the chain is sent along')

  const named = await selfSignedCertificates(data, ['lanner.example'], () => at).read()
  assert.equal(new X509Certificate(named.cert).checkHost('lanner.example'), 'lanner.example')
  assert.equal(
    await readFile(source.authorityPath, 'utf8'),
    authority,
    'whoever trusts the authority goes on',
  )
  at += 370 * day
  const renewed = await source.read()
  assert.notEqual(renewed.cert, named.cert)
  assert.equal(await readFile(source.authorityPath, 'utf8'), authority)
  await writeFile(join(data, 'tls', 'server.key'), 'torn')
  assert.notEqual((await source.read()).cert, renewed.cert)
})

test('files that are no pair are refused by name, and never quoted', async (t) => {
  const data = await folder(t)
  const authority = makeAuthority(now)
  const other = issueCertificate(authority, ['localhost'], now)
  const [cert, key] = [join(data, 'a.pem'), join(data, 'a.key')]
  const refused = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof TlsFault && error.code === code && message.test(error.message)
  await assert.rejects(
    certificateFiles(cert, key).read(),
    refused('unreadable', /a\.(pem|key) cannot be read/),
  )
  await writeFile(cert, authority.cert)
  await writeFile(key, 'nonsense')
  await assert.rejects(
    certificateFiles(cert, key).read(),
    refused('unusable', /are not a certificate and a key/),
  )
  await writeFile(key, other.key)
  await assert.rejects(certificateFiles(cert, key).read(), refused('unusable', /is not that of/))
})

test('a changed certificate is used by the next connection, without a restart', async (t) => {
  const data = await folder(t)
  const authority = makeAuthority(new Date())
  const [cert, key] = [join(data, 'server.pem'), join(data, 'server.key')]
  const put = async () => {
    const made = issueCertificate(authority, ['localhost', '127.0.0.1'], new Date())
    await writeFile(key, made.key)
    await writeFile(cert, made.cert)
    return new X509Certificate(made.cert).serialNumber
  }
  const first = await put()
  const source = certificateFiles(cert, key)
  const certificate = await source.read()
  const server = createServer({
    rooms: [],
    services: {},
    bearer: () => undefined,
    rates: rateLimits({ perMinute: 0 }),
    log: createLog({ level: 'silent' }),
    metrics: createMetrics({ process: false }),
    clock: () => Date.now(),
    checkReplies: true,
    checks: [],
    certificate,
  })
  t.after(() => server.close(500))
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  assert.match(url, /^https:/)

  const serialSeen = () =>
    new Promise<string>((resolve, reject) => {
      const sent = request(`${url}/healthz`, { ca: authority.cert, agent: false }, (response) => {
        const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate()
        response.resume().on('end', () => resolve(serialNumber))
      })
      sent.on('error', reject).end()
    })
  assert.equal(await serialSeen(), first)
  const changed = new Promise<void>((resolve) => {
    const stop = watchCertificate(source, certificate, {
      changed(next) {
        server.useCertificate(next)
        resolve()
      },
      failed: () => {},
      every: 5,
    })
    t.after(stop)
  })
  const second = await put()
  assert.notEqual(second, first)
  // The watch itself keeps no process alive.
  const alive = setInterval(() => {}, 1000)
  await changed
  clearInterval(alive)
  assert.equal(await serialSeen(), second)
})

test('days are counted to the end of a certificate, and past it', () => {
  // Ours end after 397 days.
  const certificate = issueCertificate(makeAuthority(now), ['localhost'], now)
  const after = (days: number) => daysLeft(certificate, now.getTime() + days * day)
  assert.deepEqual([after(0), after(396.5), after(397.5), after(400)], [397, 0, -1, -3])
})
