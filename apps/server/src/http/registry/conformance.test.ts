import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  digestOf,
  hello,
  helloDigest,
  ociIndex,
  ociManifest,
  pushBlob,
  pushTinyImage,
  putManifest,
  tinyImage,
  written,
} from '../../testing/push-content.ts'
import { startPushRegistry } from '../../testing/push-registry.ts'
import { holds, type SpecifiedAnswer } from '../../testing/specified-answer.ts'

// Expected statuses, headers and codes are those of the distribution specification 1.1, over a server that listens:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

test('what was pushed is found', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  const subject = tinyImage('two')
  const sbom = tinyImage('sbom', {
    subject: image.descriptor,
    artifactType: 'application/vnd.example.sbom',
    annotations: { 'org.example.format': 'json' },
  })
  // Without an artifactType of its own: that of its config.
  const signature = tinyImage('signature', { subject: image.descriptor })
  const referringIndex = written({ manifests: [], subject: image.descriptor }, ociIndex)
  const index = written({ manifests: [image.descriptor, subject.descriptor] }, ociIndex)
  await pushTinyImage(registry, 'shop/checkout', '1.0', image)
  for (const tag of ['B', 'a', '1.0-rc']) await putManifest(registry, 'shop/checkout', tag, image)
  await pushTinyImage(registry, 'shop/checkout', subject.digest, subject)
  await pushTinyImage(registry, 'shop/checkout', sbom.digest, sbom)
  await pushTinyImage(registry, 'shop/checkout', signature.digest, signature)
  await putManifest(registry, 'shop/checkout', referringIndex.digest, referringIndex)
  assert.equal((await putManifest(registry, 'shop/checkout', 'both', index)).status, 201)
  await pushTinyImage(registry, 'base', 'latest', tinyImage('base'))
  await pushTinyImage(registry, 'deep/blobs/uploads', 'latest', tinyImage('deep'))
  await pushBlob(registry, 'shop/checkout', hello)
  await pushBlob(registry, 'shop/checkout', Buffer.alloc(0))
  const blob = `/v2/shop/checkout/blobs/${helloDigest}`
  const empty = digestOf(Buffer.alloc(0))
  const referrer = (manifest: typeof sbom | typeof referringIndex, more = {}) => ({
    ...manifest.descriptor,
    ...more,
  })
  const sbomRow = referrer(sbom, {
    artifactType: 'application/vnd.example.sbom',
    annotations: { 'org.example.format': 'json' },
  })
  const signatureRow = referrer(signature, { artifactType: 'application/vnd.oci.image.config.v1+json' })
  const byDigest = (a: { digest: string }, b: { digest: string }) => (a.digest < b.digest ? -1 : 1)
  const indexOf = (...manifests: { digest: string }[]) => ({
    schemaVersion: 2,
    mediaType: ociIndex,
    manifests: manifests.sort(byDigest),
  })
  const head = { 'docker-content-digest': helloDigest, 'content-length': '15', 'accept-ranges': 'bytes' }
  const manifestHead = {
    'docker-content-digest': image.digest,
    'content-length': String(image.content.length),
    'content-type': ociManifest,
  }
  const part = (range: string, status: number, rest: Partial<SpecifiedAnswer>): SpecifiedAnswer => ({
    name: `end-2 range ${range}`,
    method: 'GET',
    path: blob,
    headers: { range },
    status,
    ...rest,
  })

  const rows: SpecifiedAnswer[] = [
    { name: 'end-1', method: 'GET', path: '/v2/', status: 200, json: {} },
    { name: 'end-1 without the slash', method: 'GET', path: '/v2', status: 200 },
    { name: 'end-2 GET', method: 'GET', path: blob, status: 200, answers: head, content: hello },
    { name: 'end-2 HEAD', method: 'HEAD', path: blob, status: 200, answers: head, content: '' },
    { name: 'end-2 escaped', method: 'GET', path: blob.replace(':', '%3A'), status: 200, content: hello },
    {
      name: 'end-2 zero bytes',
      method: 'GET',
      path: `/v2/shop/checkout/blobs/${empty}`,
      status: 200,
      answers: { 'content-length': '0', 'docker-content-digest': empty },
      content: '',
    },
    {
      name: 'end-2 a range of zero bytes',
      method: 'GET',
      path: `/v2/shop/checkout/blobs/${empty}`,
      headers: { range: 'bytes=0-0' },
      status: 416,
      answers: { 'content-range': 'bytes */0' },
    },
    part('bytes=0-4', 206, {
      content: 'hello',
      answers: { 'content-range': 'bytes 0-4/15', 'content-length': '5' },
    }),
    part('bytes=7-', 206, { content: 'registry', answers: { 'content-range': 'bytes 7-14/15' } }),
    part('bytes=-8', 206, { content: 'registry', answers: { 'content-range': 'bytes 7-14/15' } }),
    part('bytes=-100', 206, { content: hello, answers: { 'content-range': 'bytes 0-14/15' } }),
    part('bytes=14-99', 206, { content: 'y', answers: { 'content-range': 'bytes 14-14/15' } }),
    part('bytes=15-', 416, { answers: { 'content-range': 'bytes */15' }, content: '' }),
    part('bytes=-0', 416, { answers: { 'content-range': 'bytes */15' } }),
    part('bytes=4-0', 200, { content: hello }),
    part('bytes=0-1,3-4', 200, { content: hello }),
    part('lines=0-1', 200, { content: hello }),
    {
      name: 'end-2 etag',
      method: 'GET',
      path: blob,
      headers: { 'if-none-match': `"${helloDigest}"` },
      status: 304,
    },
    {
      name: 'end-3 tag',
      method: 'GET',
      path: '/v2/shop/checkout/manifests/1.0',
      status: 200,
      answers: manifestHead,
      content: image.content,
    },
    {
      name: 'end-3 digest',
      method: 'GET',
      path: `/v2/shop/checkout/manifests/${image.digest}`,
      status: 200,
      answers: manifestHead,
      content: image.content,
    },
    {
      name: 'end-3 HEAD tag',
      method: 'HEAD',
      path: '/v2/shop/checkout/manifests/1.0',
      status: 200,
      answers: manifestHead,
      content: '',
    },
    {
      name: 'end-3 HEAD digest',
      method: 'HEAD',
      path: `/v2/shop/checkout/manifests/${image.digest}`,
      status: 200,
      answers: manifestHead,
    },
    {
      name: 'end-3 index',
      method: 'GET',
      path: '/v2/shop/checkout/manifests/both',
      status: 200,
      answers: { 'content-type': ociIndex },
      content: index.content,
    },
    {
      name: 'end-3 a name with words of the API',
      method: 'GET',
      path: '/v2/deep/blobs/uploads/manifests/latest',
      status: 200,
    },
    {
      name: 'end-8a',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list',
      status: 200,
      answers: { link: null },
      json: { name: 'shop/checkout', tags: ['1.0', '1.0-rc', 'B', 'a', 'both'] },
    },
    {
      name: 'end-8b n',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=2',
      status: 200,
      answers: { link: '</v2/shop/checkout/tags/list?n=2&last=1.0-rc>; rel="next"' },
      json: { name: 'shop/checkout', tags: ['1.0', '1.0-rc'] },
    },
    {
      name: 'end-8b n, last',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=2&last=1.0-rc',
      status: 200,
      answers: { link: /last=a>/ },
      json: { name: 'shop/checkout', tags: ['B', 'a'] },
    },
    {
      name: 'end-8b the end',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=2&last=a',
      status: 200,
      answers: { link: null },
      json: { name: 'shop/checkout', tags: ['both'] },
    },
    {
      name: 'end-8b exactly the end',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=5',
      status: 200,
      answers: { link: null },
    },
    {
      name: 'end-8b last alone',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?last=B',
      status: 200,
      json: { name: 'shop/checkout', tags: ['a', 'both'] },
    },
    {
      name: 'end-8b last that is no tag there',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?last=A',
      status: 200,
      json: { name: 'shop/checkout', tags: ['B', 'a', 'both'] },
    },
    {
      name: 'end-8b none',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=0',
      status: 200,
      answers: { link: null },
      json: { name: 'shop/checkout', tags: [] },
    },
    {
      name: 'end-8b a name that cannot be',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?last=%00',
      status: 400,
    },
    {
      name: 'catalog',
      method: 'GET',
      path: '/v2/_catalog',
      status: 200,
      answers: { link: null },
      json: { repositories: ['base', 'deep/blobs/uploads', 'shop/checkout'] },
    },
    {
      name: 'catalog n',
      method: 'GET',
      path: '/v2/_catalog?n=1',
      status: 200,
      answers: { link: '</v2/_catalog?n=1&last=base>; rel="next"' },
      json: { repositories: ['base'] },
    },
    {
      name: 'catalog last',
      method: 'GET',
      path: '/v2/_catalog?n=1&last=deep%2Fblobs%2Fuploads',
      status: 200,
      answers: { link: null },
      json: { repositories: ['shop/checkout'] },
    },
    {
      name: 'end-12a',
      method: 'GET',
      path: `/v2/shop/checkout/referrers/${image.digest}`,
      status: 200,
      answers: { 'content-type': ociIndex, 'oci-filters-applied': null, link: null },
      json: indexOf(sbomRow, signatureRow, referringIndex.descriptor),
    },
    {
      name: 'end-12a nobody refers',
      method: 'GET',
      path: `/v2/shop/checkout/referrers/${absent}`,
      status: 200,
      json: indexOf(),
    },
    {
      name: 'end-12a in another repository',
      method: 'GET',
      path: `/v2/base/referrers/${image.digest}`,
      status: 200,
      json: indexOf(),
    },
    {
      name: 'end-12b',
      method: 'GET',
      path: `/v2/shop/checkout/referrers/${image.digest}?artifactType=application/vnd.example.sbom`,
      status: 200,
      answers: { 'oci-filters-applied': 'artifactType' },
      json: indexOf(sbomRow),
    },
    {
      name: 'end-12b none of that type',
      method: 'GET',
      path: `/v2/shop/checkout/referrers/${image.digest}?artifactType=application%2Fvnd.none`,
      status: 200,
      answers: { 'oci-filters-applied': 'artifactType' },
      json: indexOf(),
    },
  ]
  for (const row of rows) await t.test(row.name, () => holds(registry, row))
  assert.deepEqual(registry.failures, [])
})
