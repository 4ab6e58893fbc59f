import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest } from '@lanner/model'
import {
  answer,
  answeredWith,
  emptyRepository,
  endless,
  type FakeFaultRule,
  type FakeRegistryOptions,
  ociIndex,
  pushManifest,
  startFakeRegistry,
} from '@lanner/testkit'
import { anonymous } from '../credentials/credential.ts'
import { RegistryFault, type RegistryFaultCode } from '../transport/registry-fault.ts'
import { RegistryTransport } from '../transport/registry-transport.ts'
import { listRepositories, listTags } from './lists.ts'
import { listReferrers } from './referrers.ts'

const app = emptyRepository()
const tags = ['1', '2', '3', '4', '5', 'latest', 'v1.0']
const pushed = pushManifest(app, { schemaVersion: 2 }, { tags })
const subject = pushed.digest as Digest
const names = ['a', 'b/c', 'team/app']
const repositories = new Map(names.map((name) => [name, app]))

async function withTransport(
  options: FakeRegistryOptions,
  run: (transport: RegistryTransport, lines: () => string[]) => Promise<void>,
): Promise<void> {
  const fake = await startFakeRegistry({ repositories, ...options })
  const transport = new RegistryTransport(fake.host, anonymous, { retry: { attempts: 1 } })
  try {
    await run(transport, () => fake.requests.map(({ line }) => line).filter((line) => line !== 'GET /v2/'))
  } finally {
    await transport.close()
    await fake.close()
  }
}

for (const pageSize of [1, 2, 3, 100]) {
  test(`tags and repositories come whole, ${pageSize} at a time`, async () => {
    await withTransport({ pageSize }, async (transport, lines) => {
      assert.deepEqual(await collect(listTags(transport, 'team/app')), tags)
      assert.equal(lines().length, Math.ceil(tags.length / pageSize))
      assert.deepEqual(await collect(listRepositories(transport)), names)
    })
  })
}

test('a page is asked for only when the one before is used up', async () => {
  await withTransport({ pageSize: 2 }, async (transport, lines) => {
    for await (const tag of listTags(transport, 'a', { pageSize: 2 })) if (tag === '2') break
    assert.deepEqual(lines(), ['GET /v2/a/tags/list?n=2'])
  })
})

const link = (target: string) => ({ link: `<${target}>; rel="next"` })
const one = (headers = {}) => answeredWith(answer(200, { name: 'a', tags: ['x'] }, headers))

const cases: readonly {
  readonly name: string
  readonly fault: FakeFaultRule['fault']
  readonly tags?: readonly string[]
  readonly fails?: readonly [RegistryFaultCode, RegExp]
}[] = [
  { name: 'none, as Go writes it', fault: answeredWith(answer(200, { name: 'a', tags: null })), tags: [] },
  { name: 'none at all', fault: answeredWith(answer(200, {})), tags: [] },
  {
    name: 'a link that is not the next page',
    fault: one({ link: '</x>; rel="prev", </y>; rel=first' }),
    tags: ['x'],
  },
  { name: 'a link that cannot be read', fault: one({ link: 'next' }), tags: ['x'] },
  {
    name: 'a next page on another host',
    fault: one(link('http://evil.example/v2/')),
    fails: ['refused', /another host \(evil\.example\)/],
  },
  {
    name: 'a next page that is no URL',
    fault: one(link('http://')),
    fails: ['malformed', /next page is no URL/],
  },
  {
    name: 'a next page that only looks local',
    fault: one(link('/.//evil.example/v2/')),
    fails: ['refused', /is not on 127/],
  },
  { name: 'a circle', fault: one(link('/v2/a/tags/list?n=1000')), fails: ['malformed', /circle/] },
  { name: 'no JSON', fault: answeredWith(answer(200, '<html>')), fails: ['malformed', /not JSON/] },
  {
    name: 'a list as answer',
    fault: answeredWith(answer(200, '[1]')),
    fails: ['malformed', /not a JSON object/],
  },
  {
    name: 'null as answer',
    fault: answeredWith(answer(200, 'null')),
    fails: ['malformed', /not a JSON object/],
  },
  {
    name: 'tags that are a text',
    fault: answeredWith(answer(200, { tags: 'x' })),
    fails: ['malformed', /tags is not a list/],
  },
  {
    name: 'a tag that is a number',
    fault: answeredWith(answer(200, { tags: ['x', 7] })),
    fails: ['malformed', /holds 7/],
  },
  {
    name: 'a tag that is a path',
    fault: answeredWith(answer(200, { tags: ['../x'] })),
    fails: ['malformed', /holds "\.\.\/x"/],
  },
  { name: 'a page without end', fault: endless(), fails: ['too-large', /more than 8388608/] },
  {
    name: 'an unknown repository',
    fault: answeredWith(answer(404)),
    fails: ['not-found', /listing the tags of a/],
  },
]

for (const { name, fault, tags: expected, fails } of cases) {
  test(`a list of tags with ${name}`, async () => {
    await withTransport({ faults: [{ on: /tags/, fault }] }, async (transport) => {
      const attempt = collect(listTags(transport, 'a'))
      if (!fails) return assert.deepEqual(await attempt, expected)
      await assert.rejects(attempt, (error) => {
        assert.ok(error instanceof RegistryFault, String(error))
        assert.match(error.message, fails[1])
        assert.equal(error.code, fails[0])
        return true
      })
    })
  })
}

test('pages without end are given up', async () => {
  let count = 0
  const fault: FakeFaultRule['fault'] = () =>
    answer(200, { tags: [] }, link(`/v2/a/tags/list?n=1&last=${count++}`))
  await withTransport({ faults: [{ on: /tags/, fault }] }, async (transport) => {
    await assert.rejects(collect(listTags(transport, 'a', { maxPages: 50 })), /more than 50 pages/)
  })
})

const referrer = (digit: string, artifactType: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${digit.repeat(64)}`,
  size: 7,
  artifactType,
})
const signature = referrer('1', 'application/vnd.dev.cosign.artifact.sig.v1+json')
const sbom = referrer('2', 'application/spdx+json')

test('referrers come from the API, filtered here where the registry does not', async () => {
  await withTransport({ referrers: new Map([[subject, [signature, sbom]]]) }, async (transport) => {
    assert.deepEqual(await listReferrers(transport, 'team/app', subject), [signature, sbom])
    const filtered = await listReferrers(transport, 'team/app', subject, {
      artifactType: 'application/spdx+json',
    })
    assert.deepEqual(filtered, [sbom])
  })
  const all = answeredWith(
    answer(200, { schemaVersion: 2, mediaType: ociIndex, manifests: [signature, sbom] }),
  )
  await withTransport({ faults: [{ on: /referrers/, fault: all }] }, async (transport) => {
    const filtered = await listReferrers(transport, 'team/app', subject, {
      artifactType: 'application/spdx+json',
    })
    assert.deepEqual(filtered, [sbom])
  })
})

test('where there is no API, referrers come from their tag, or there are none', async () => {
  await withTransport({}, async (transport) => {
    assert.deepEqual(await listReferrers(transport, 'team/app', subject), [])
  })
  const tagged = emptyRepository()
  pushManifest(
    tagged,
    { schemaVersion: 2, mediaType: ociIndex, manifests: [signature] },
    { mediaType: ociIndex, tags: [subject.replace(':', '-')] },
  )
  await withTransport({ repositories: new Map([['a', tagged]]) }, async (transport) => {
    assert.deepEqual(await listReferrers(transport, 'a', subject), [signature])
  })
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
