import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { makeFakeCertificate } from './fake-certificate.ts'
import { type FakeRegistryOptions, startFakeRegistry } from './fake-registry.ts'
import { emptyRepository, pushImage } from './fake-registry-content.ts'
import { droppedAfter, tooManyRequests } from './fake-registry-faults.ts'

const repository = emptyRepository()
const layer = Buffer.from('a layer')
const image = pushImage(repository, [layer], { tags: ['a', 'b', 'c'] })
const repositories = new Map([['team/app', repository]])

async function ask(options: FakeRegistryOptions, path: string, headers: Record<string, string> = {}) {
  const fake = await startFakeRegistry({ repositories, ...options })
  try {
    const response = await fetch(`http://${fake.host}${path}`, { headers })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } finally {
    await fake.close()
  }
}

test('manifests, blobs and parts of blobs are served as the distribution specification has it', async () => {
  const manifest = await ask({}, '/v2/team/app/manifests/a')
  assert.equal(manifest.headers.get('docker-content-digest'), image.digest)
  const [{ digest }] = JSON.parse(manifest.text).layers
  assert.equal((await ask({}, `/v2/team/app/blobs/${digest}`)).text, 'a layer')
  const part = await ask({}, `/v2/team/app/blobs/${digest}`, { range: 'bytes=2-' })
  assert.deepEqual([part.status, part.text, part.headers.get('content-range')], [206, 'layer', 'bytes 2-6/7'])
  const missing = await ask({}, '/v2/team/app/manifests/z')
  assert.deepEqual([missing.status, JSON.parse(missing.text).errors[0].code], [404, 'MANIFEST_UNKNOWN'])
})

test('lists come in pages with a link to the next', async () => {
  const first = await ask({ pageSize: 2 }, '/v2/team/app/tags/list')
  assert.deepEqual(JSON.parse(first.text), { tags: ['a', 'b'] })
  assert.equal(first.headers.get('link'), '</v2/team/app/tags/list?last=b&n=2>; rel="next"')
  const second = await ask({ pageSize: 2 }, '/v2/team/app/tags/list?last=b&n=2')
  assert.deepEqual([JSON.parse(second.text), second.headers.get('link')], [{ tags: ['c'] }, null])
})

test('a sign-in is asked for, and a token opens what it was made for', async () => {
  const fake = await startFakeRegistry({ repositories, authentication: { kind: 'bearer' } })
  try {
    const url = `http://${fake.host}/v2/team/app/manifests/a`
    const challenge = (await fetch(url)).headers.get('www-authenticate') ?? ''
    const realm = `realm="http://${fake.host}/token",service="fake.example",scope="repository:team/app:pull"`
    assert.equal(challenge, `Bearer ${realm}`)
    for (const [scope, status] of [
      ['repository:team/app:pull', 200],
      ['repository:team/other:pull', 401],
    ] as const) {
      const reply = await fetch(`http://${fake.host}/token?service=fake.example&scope=${scope}`)
      const { token } = (await reply.json()) as { token: string }
      assert.equal((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status, status)
    }
  } finally {
    await fake.close()
  }
})

test('faults strike as often as they were told to', async () => {
  const fake = await startFakeRegistry({
    repositories,
    faults: [{ on: /manifests/, times: 1, fault: tooManyRequests('5') }],
  })
  const statuses: number[] = []
  for (let count = 0; count < 2; count++)
    statuses.push((await fetch(`http://${fake.host}/v2/team/app/manifests/a`)).status)
  await fake.close()
  assert.deepEqual(statuses, [429, 200])
  await assert.rejects(ask({ faults: [{ on: /./, fault: droppedAfter(3) }] }, '/v2/team/app/manifests/a'))
})

test('a certificate made here is one that TLS accepts', async () => {
  const made = makeFakeCertificate(['registry.example'])
  const certificate = new X509Certificate(made.certificate)
  assert.ok(certificate.verify(certificate.publicKey))
  assert.equal(certificate.checkHost('registry.example'), 'registry.example')
  assert.equal(certificate.checkHost('other.example'), undefined)
  assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1')
  const fake = await startFakeRegistry({ certificate: made })
  const socket = connect({
    port: fake.port,
    host: '127.0.0.1',
    servername: 'registry.example',
    ca: made.certificate,
  })
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  assert.equal(socket.authorized, true)
  socket.destroy()
  await fake.close()
})
