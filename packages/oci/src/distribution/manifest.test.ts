import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest } from '@lanner/model'
import {
  emptyRepository,
  endless,
  type FakeFaultRule,
  otherBody,
  pushManifest,
  serverError,
  startFakeRegistry,
  withHeaders,
} from '@lanner/testkit'
import { anonymous } from '../credentials/credential.ts'
import { RegistryFault, type RegistryFaultCode } from '../transport/registry-fault.ts'
import { RegistryTransport } from '../transport/registry-transport.ts'
import { fetchManifest, headManifest } from './manifest.ts'

const repository = emptyRepository()
const mediaType = 'application/vnd.docker.distribution.manifest.v2+json'
const pushed = pushManifest(repository, { schemaVersion: 2, n: 1 }, { mediaType, tags: ['1'] })
const digest = pushed.digest as Digest
const otherDigest = `sha256:${'0'.repeat(64)}`

async function withTransport<Value>(
  faults: readonly FakeFaultRule[],
  run: (transport: RegistryTransport, lines: () => string[]) => Promise<Value>,
): Promise<Value> {
  const fake = await startFakeRegistry({ repositories: new Map([['team/app', repository]]), faults })
  const transport = new RegistryTransport(fake.host, anonymous, { retry: { attempts: 1 } })
  try {
    return await run(transport, () => fake.requests.map(({ line }) => line))
  } finally {
    await transport.close()
    await fake.close()
  }
}

const on = /manifests/

test('a manifest is read by tag and by digest', async () => {
  await withTransport([], async (transport, lines) => {
    for (const reference of ['1', digest]) {
      const stored = await fetchManifest(transport, 'team/app', reference)
      assert.equal(stored.digest, digest)
      assert.equal(stored.mediaType, mediaType)
      assert.equal(stored.bytes.toString(), '{"schemaVersion":2,"n":1}')
    }
    assert.ok(lines().includes(`GET /v2/team/app/manifests/${digest}`))
  })
})

const cases: readonly {
  readonly name: string
  readonly fault: FakeFaultRule['fault']
  readonly reference?: string
  readonly fails?: readonly [RegistryFaultCode, RegExp]
}[] = [
  {
    name: 'other bytes under a digest',
    fault: otherBody('{}'),
    reference: digest,
    fails: [
      'malformed',
      /it was asked for as sha256:.* but its bytes have sha256:44136fa355b3678a1146ad16f7e8649e/,
    ],
  },
  {
    name: 'other bytes under a tag, with the digest of the right ones',
    fault: otherBody('{}'),
    fails: ['malformed', /the registry says sha256:/],
  },
  {
    name: 'a header that names another digest',
    fault: withHeaders({ 'docker-content-digest': otherDigest }),
    fails: ['malformed', /the registry says sha256:0000/],
  },
  { name: 'a header that is no digest', fault: withHeaders({ 'docker-content-digest': 'latest' }) },
  { name: 'no header', fault: withHeaders({ 'docker-content-digest': [] }) },
  { name: 'a manifest without end', fault: endless(), fails: ['too-large', /more than 8388608 bytes/] },
  { name: 'a server error', fault: serverError(502), fails: ['server', /answered 502/] },
]

for (const { name, fault, reference = '1', fails } of cases) {
  test(`a manifest with ${name}`, async () => {
    await withTransport([{ on, fault }], async (transport) => {
      const attempt = fetchManifest(transport, 'team/app', reference)
      if (!fails) return assert.equal((await attempt).digest, digest)
      await assert.rejects(attempt, (error) => {
        assert.ok(error instanceof RegistryFault, String(error))
        assert.match(error.message, fails[1])
        assert.equal(error.code, fails[0])
        return true
      })
    })
  })
}

test('the digest of sha512 is verified as such', async () => {
  const sha512 =
    'sha512:27c74670adb75075fad058d5ceaf7b20c4e7786c83bae8a32f626f9782af34c9a33c2046ef60fd2a7878d378e29fec851806bbd9a67878f3a9f1cda4830763fd'
  const bytes = Buffer.from('{}')
  const other = emptyRepository()
  other.manifests.set(sha512, { mediaType, bytes })
  const fake = await startFakeRegistry({
    repositories: new Map([['a', other]]),
    faults: [{ on, fault: withHeaders({ 'docker-content-digest': sha512 }) }],
  })
  const transport = new RegistryTransport(fake.host, anonymous)
  try {
    assert.equal((await fetchManifest(transport, 'a', sha512)).digest, sha512)
  } finally {
    await transport.close()
    await fake.close()
  }
})

test('a look at a manifest reads nothing, unless the registry does not say its digest', async () => {
  await withTransport([], async (transport, lines) => {
    assert.deepEqual(await headManifest(transport, 'team/app', '1'), { digest, mediaType, size: 25 })
    assert.deepEqual(
      lines().filter((line) => line.includes('manifests')),
      ['HEAD /v2/team/app/manifests/1'],
    )
  })
  for (const fault of [serverError(405), withHeaders({ 'docker-content-digest': [] })]) {
    await withTransport([{ on: /^HEAD/, fault }], async (transport, lines) => {
      assert.deepEqual(await headManifest(transport, 'team/app', '1'), { digest, mediaType, size: 25 })
      assert.equal(lines().at(-1), 'GET /v2/team/app/manifests/1')
    })
  }
})
