import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { VexImage } from '@lanner/documents'
import { insertTenant } from '../db/tenant.ts'
import { testDatabase } from '../testing/database.ts'
import { digestOf } from '../testing/digest-of-word.ts'
import { makeImageEstate } from '../testing/image-estate.ts'
import type { VexClaim } from './vex-claims.ts'
import { matchClaims } from './vex-estate.ts'

const [cid, otherCid] = ['a'.repeat(32), 'b'.repeat(32)]

async function open(t: TestContext) {
  const { database } = await testDatabase(t)
  for (const tenant of [cid, otherCid]) await insertTenant(database, tenant, tenant)
  await makeImageEstate(database, cid, otherCid)
  return async (said: Partial<VexClaim>, tenant = cid) => {
    const claim: VexClaim = {
      statement: 0,
      product: 'x',
      names: ['CVE-2023-7'],
      status: 'fixed',
      at: 0,
      ...said,
    }
    const [match] = await matchClaims(database, tenant, [claim], 'lanner.example')
    assert.ok(match)
    return 'reason' in match ? match.reason : (match.scope ?? 'everywhere')
  }
}

const train = { registry: ['docker.io'], repository: ['c/train'] }
const torch = 'pkg:pypi/torch@2.0.0'

// The estate: c/train:latest of docker.io is arm64, of an index, and has torch with CVE-2023-7; b/shop:1.8.2 was pushed here
// and has expat with CVE-2024-1; e/wait is not read yet.
const cases: readonly (readonly [
  what: string,
  image: VexImage | undefined,
  more: Partial<VexClaim>,
  expected: unknown,
])[] = [
  ['a package', undefined, { purl: torch }, 'everywhere'],
  ['a package of another version', undefined, { purl: 'pkg:pypi/torch@2.0.1' }, 'no_such_package'],
  [
    'a vulnerability that nothing has',
    undefined,
    { names: ['CVE-1999-1'], purl: torch },
    'no_such_vulnerability',
  ],
  ['a repository', { registry: 'docker.io', repository: 'c/train' }, {}, train],
  [
    'a registry by another of its names',
    { registry: 'index.docker.io', repository: 'c/train' },
    { purl: torch },
    train,
  ],
  ['a repository in any registry', { repository: 'c/train' }, {}, { repository: ['c/train'] }],
  [
    'a tag',
    { registry: 'docker.io', repository: 'c/train', tag: 'latest' },
    {},
    { ...train, tag: ['latest'] },
  ],
  ['another tag', { repository: 'c/train', tag: '2' }, {}, 'no_such_image'],
  ['the repository of another registry', { registry: 'ghcr.io', repository: 'c/train' }, {}, 'no_such_image'],
  [
    'this server, which did not get it',
    { registry: 'lanner.example', repository: 'c/train' },
    {},
    'no_such_image',
  ],
  [
    'this server, which did',
    { registry: 'Lanner.Example', repository: 'b/shop' },
    { names: ['CVE-2024-1'] },
    { registry: [''], repository: ['b/shop'] },
  ],
  ['a digest', { digest: digestOf('c/train') }, {}, { digest: [digestOf('c/train')] }],
  ['an index', { digest: digestOf('index of train') }, {}, { digest: [digestOf('index of train')] }],
  [
    'one architecture of an index, which is an image',
    { digest: digestOf('index of train'), architecture: 'arm64' },
    {},
    { digest: [digestOf('c/train')] },
  ],
  [
    'an architecture that it does not have',
    { digest: digestOf('index of train'), architecture: 'amd64' },
    {},
    'no_such_image',
  ],
  [
    'one architecture of a repository',
    { repository: 'c/train', architecture: 'arm64' },
    {},
    { digest: [digestOf('c/train')] },
  ],
  ['a vulnerability that others have', { repository: 'b/shop' }, {}, 'no_such_package'],
  [
    'a package that it does not have',
    { repository: 'c/train' },
    { purl: 'pkg:pypi/numpy' },
    'no_such_package',
  ],
  ['an image that is not read yet', { repository: 'e/wait' }, {}, { repository: ['e/wait'] }],
  [
    'an image that its tag has left',
    { digest: digestOf('before') },
    { names: ['CVE-2024-1'] },
    { digest: [digestOf('before')] },
  ],
]

test('claims are matched with images, packages and what they have', async (t) => {
  const match = await open(t)
  for (const [what, image, more, expected] of cases)
    assert.deepEqual(await match({ ...(image ? { image } : {}), ...more }), expected, what)
  // Another tenant has none of it.
  for (const said of [{ purl: torch }, { image: { digest: digestOf('c/train') } }])
    assert.equal(await match(said, otherCid), 'no_such_vulnerability')
})
