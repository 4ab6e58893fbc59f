import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  descriptorOf,
  digestOf,
  errorCode,
  ociIndex,
  ociManifest,
  pushBlob,
  pushTinyImage,
  putManifest,
  tinyImage,
  written,
} from '../../testing/push-content.ts'
import { type PushRegistry, startPushRegistry } from '../../testing/push-registry.ts'

// Every endpoint and error code of the distribution specification 1.1, over a server that listens. Expected statuses,
// headers and codes are the specification's: https://github.com/opencontainers/distribution-spec/blob/main/spec.md

const absent = digestOf(Buffer.from('nobody pushed this'))
const hello = Buffer.from('hello, registry')
const helloDigest = digestOf(hello)

/** A request with what the specification says of its answer. */
interface Row {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array | string
  readonly as?: string
  readonly status: number
  /** Error code, where it fails. */
  readonly code?: string
  /** Headers that the answer has; null for those that it must not have. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>
  readonly content?: Uint8Array | string
  readonly json?: unknown
}

async function holds(registry: PushRegistry, row: Row): Promise<void> {
  const { method, path, headers, body, as } = row
  const answer = await registry.request(path, {
    method,
    ...(headers ? { headers } : {}),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    ...(as === undefined ? {} : { as }),
  })
  const bytes = Buffer.from(await answer.clone().arrayBuffer())
  assert.equal(answer.status, row.status, bytes.toString().slice(0, 500))
  assert.equal(answer.headers.get('docker-distribution-api-version'), 'registry/2.0')
  for (const [name, expected] of Object.entries(row.answers ?? {})) {
    const found = answer.headers.get(name)
    if (expected instanceof RegExp) assert.match(found ?? '', expected, name)
    else assert.equal(found, expected, name)
  }
  if (row.code !== undefined && method !== 'HEAD') assert.equal(await errorCode(answer), row.code)
  if (row.content !== undefined) assert.deepEqual(bytes, Buffer.from(row.content))
  if (row.json !== undefined) assert.deepEqual(JSON.parse(bytes.toString()), row.json)
}

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
  const part = (range: string, status: number, rest: Partial<Row>): Row => ({
    name: `end-2 range ${range}`,
    method: 'GET',
    path: blob,
    headers: { range },
    status,
    ...rest,
  })

  const rows: Row[] = [
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

test('what cannot be is refused in the words of the specification', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'shop/checkout', '1.0', image)
  await pushBlob(registry, 'shop/checkout', hello)
  const upload = await begin(registry, 'shop/checkout')
  const noUpload = '/v2/shop/checkout/blobs/uploads/00000000-0000-4000-8000-000000000000'
  const manifests = '/v2/shop/checkout/manifests'
  const put = (name: string, content: unknown, code: string, more: Partial<Row> = {}): Row => ({
    name,
    method: 'PUT',
    path: `${manifests}/bad`,
    headers: { 'content-type': ociManifest },
    body: typeof content === 'string' ? content : JSON.stringify(content),
    status: 400,
    code,
    ...more,
  })
  const good = JSON.parse(image.content.toString()) as Record<string, unknown>
  const big = written({ ...good, annotations: { pad: 'x'.repeat(8 * 1024 * 1024) } })
  const childless = written({ manifests: [{ mediaType: ociManifest, digest: absent, size: 5 }] }, ociIndex)

  const rows: Row[] = [
    {
      name: 'end-1 without credentials',
      method: 'GET',
      path: '/v2/',
      as: '',
      status: 401,
      code: 'UNAUTHORIZED',
      answers: {
        'www-authenticate': /^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/v2\/token",service="lanner"$/,
      },
    },
    {
      name: 'end-1 with wrong credentials',
      method: 'GET',
      path: '/v2/',
      headers: { authorization: 'Basic YWxpY2U6d3Jvbmc=' },
      status: 401,
      code: 'UNAUTHORIZED',
    },
    {
      name: 'end-2 unknown',
      method: 'GET',
      path: `/v2/shop/checkout/blobs/${absent}`,
      status: 404,
      code: 'BLOB_UNKNOWN',
    },
    {
      name: 'end-2 HEAD unknown',
      method: 'HEAD',
      path: `/v2/shop/checkout/blobs/${absent}`,
      status: 404,
      content: '',
    },
    {
      name: 'end-2 in another repository',
      method: 'GET',
      path: `/v2/other/blobs/${helloDigest}`,
      status: 404,
      code: 'NAME_UNKNOWN',
    },
    {
      name: 'end-2 no digest',
      method: 'GET',
      path: '/v2/shop/checkout/blobs/sha256:12',
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-2 capitals',
      method: 'GET',
      path: `/v2/shop/checkout/blobs/${helloDigest.toUpperCase()}`,
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-3 unknown tag',
      method: 'GET',
      path: `${manifests}/2.0`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    { name: 'end-3 HEAD unknown tag', method: 'HEAD', path: `${manifests}/2.0`, status: 404, content: '' },
    {
      name: 'end-3 unknown digest',
      method: 'GET',
      path: `${manifests}/${absent}`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    {
      name: 'end-3 a blob is no manifest',
      method: 'GET',
      path: `${manifests}/${helloDigest}`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    {
      name: 'end-3 unknown repository',
      method: 'GET',
      path: '/v2/none/manifests/1.0',
      status: 404,
      code: 'NAME_UNKNOWN',
    },
    {
      name: 'end-3 what can be no tag',
      method: 'GET',
      path: `${manifests}/-x`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    {
      name: 'names in capitals',
      method: 'GET',
      path: '/v2/Shop/manifests/1.0',
      status: 400,
      code: 'NAME_INVALID',
    },
    {
      name: 'names with dots up',
      method: 'GET',
      path: '/v2/shop%2F..%2Fx/manifests/1.0',
      status: 400,
      code: 'NAME_INVALID',
    },
    {
      name: 'names that are too long',
      method: 'GET',
      path: `/v2/${'a'.repeat(256)}/manifests/1.0`,
      status: 400,
      code: 'NAME_INVALID',
    },
    {
      name: 'end-4a in no name',
      method: 'POST',
      path: '/v2/UP/blobs/uploads/',
      status: 400,
      code: 'NAME_INVALID',
    },
    {
      name: 'end-4b other bytes',
      method: 'POST',
      path: `/v2/shop/checkout/blobs/uploads/?digest=${absent}`,
      body: hello,
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-4b no digest',
      method: 'POST',
      path: '/v2/shop/checkout/blobs/uploads/?digest=md5:1',
      body: hello,
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-4c unknown algorithm',
      method: 'POST',
      path: '/v2/shop/checkout/blobs/uploads/?digest-algorithm=md5',
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-5 unknown',
      method: 'PATCH',
      path: noUpload,
      body: 'x',
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    {
      name: 'end-5 no UUID',
      method: 'PATCH',
      path: '/v2/shop/checkout/blobs/uploads/..%2F..',
      body: 'x',
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    {
      name: 'end-5 of another repository',
      method: 'PATCH',
      path: upload.replace('shop/checkout', 'other'),
      body: 'x',
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    {
      name: 'end-5 of another tenant',
      method: 'PATCH',
      path: upload,
      body: 'x',
      as: 'bob',
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    {
      name: 'end-5 out of order',
      method: 'PATCH',
      path: upload,
      headers: { 'content-range': '5-9' },
      body: 'world',
      status: 416,
      code: 'BLOB_UPLOAD_INVALID',
      answers: { location: upload, range: '0-0' },
    },
    {
      name: 'end-5 unreadable range',
      method: 'PATCH',
      path: upload,
      headers: { 'content-range': 'a-b' },
      body: 'x',
      status: 416,
      code: 'BLOB_UPLOAD_INVALID',
    },
    {
      name: 'end-5 range of other length',
      method: 'PATCH',
      path: upload,
      headers: { 'content-range': '0-9' },
      body: 'x',
      status: 400,
      code: 'SIZE_INVALID',
    },
    {
      name: 'end-6 unknown',
      method: 'PUT',
      path: `${noUpload}?digest=${helloDigest}`,
      body: hello,
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    },
    {
      name: 'end-6 without digest',
      method: 'PUT',
      path: upload,
      body: hello,
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'end-6 out of order',
      method: 'PUT',
      path: `${upload}?digest=${helloDigest}`,
      headers: { 'content-range': '3-17' },
      body: hello,
      status: 416,
      code: 'BLOB_UPLOAD_INVALID',
    },
    { name: 'end-13 unknown', method: 'GET', path: noUpload, status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
    { name: 'end-14 unknown', method: 'DELETE', path: noUpload, status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
    {
      name: 'end-11 no digest',
      method: 'POST',
      path: '/v2/other/blobs/uploads/?mount=x&from=shop/checkout',
      status: 400,
      code: 'DIGEST_INVALID',
    },
    put('end-7 no JSON', '{', 'MANIFEST_INVALID'),
    put('end-7 no object', [], 'MANIFEST_INVALID'),
    put('end-7 nothing in it', {}, 'MANIFEST_INVALID'),
    put('end-7 empty', '', 'MANIFEST_INVALID'),
    put('end-7 layers of a wrong shape', { ...good, layers: 5 }, 'MANIFEST_INVALID'),
    put('end-7 both an index and a manifest', { ...good, manifests: [] }, 'MANIFEST_INVALID'),
    put('end-7 sent as something else', good, 'MANIFEST_INVALID', { headers: { 'content-type': ociIndex } }),
    put('end-7 schema 1', { schemaVersion: 1, fsLayers: [] }, 'MANIFEST_INVALID', {
      headers: { 'content-type': 'application/vnd.docker.distribution.manifest.v1+json' },
    }),
    put('end-7 media type of nobody', { ...good, mediaType: 'application/x' }, 'MANIFEST_INVALID', {
      headers: { 'content-type': 'application/x' },
    }),
    put('end-7 a subject without digest', { ...good, subject: { size: 1 } }, 'MANIFEST_INVALID'),
    put('end-7 what can be no tag', good, 'MANIFEST_INVALID', { path: `${manifests}/${'t'.repeat(129)}` }),
    put('end-7 another digest', good, 'DIGEST_INVALID', { path: `${manifests}/${absent}` }),
    put(
      'end-7 a size that the blob has not',
      { ...good, layers: [{ ...descriptorOf(hello), size: 3 }] },
      'SIZE_INVALID',
    ),
    put(
      'end-7 a layer that nobody pushed',
      { ...good, layers: [{ mediaType: 'x', digest: absent, size: 3 }] },
      'MANIFEST_BLOB_UNKNOWN',
      { status: 404 },
    ),
    put(
      'end-7 a config that nobody pushed',
      { ...good, config: { mediaType: 'x', digest: absent, size: 3 } },
      'MANIFEST_BLOB_UNKNOWN',
      { status: 404 },
    ),
    put('end-7 blobs of another repository', good, 'MANIFEST_BLOB_UNKNOWN', {
      status: 404,
      path: '/v2/other/manifests/1.0',
    }),
    put('end-7 an index before its manifests', childless.content.toString(), 'MANIFEST_BLOB_UNKNOWN', {
      status: 404,
      headers: { 'content-type': ociIndex },
    }),
    put('end-7 too large', big.content.toString(), 'MANIFEST_INVALID', { status: 413 }),
    {
      name: 'end-8a unknown repository',
      method: 'GET',
      path: '/v2/none/tags/list',
      status: 404,
      code: 'NAME_UNKNOWN',
    },
    {
      name: 'end-8b no number',
      method: 'GET',
      path: '/v2/shop/checkout/tags/list?n=-1',
      status: 400,
      code: 'UNSUPPORTED',
    },
    {
      name: 'end-9 unknown tag',
      method: 'DELETE',
      path: `${manifests}/2.0`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    {
      name: 'end-9 unknown digest',
      method: 'DELETE',
      path: `${manifests}/${absent}`,
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    },
    {
      name: 'end-9 unknown repository',
      method: 'DELETE',
      path: '/v2/none/manifests/1.0',
      status: 404,
      code: 'NAME_UNKNOWN',
    },
    {
      name: 'end-10 unknown',
      method: 'DELETE',
      path: `/v2/shop/checkout/blobs/${absent}`,
      status: 404,
      code: 'BLOB_UNKNOWN',
    },
    {
      name: 'end-10 in use',
      method: 'DELETE',
      path: `/v2/shop/checkout/blobs/${digestOf(image.layer)}`,
      status: 405,
      code: 'UNSUPPORTED',
    },
    {
      name: 'end-12a no digest',
      method: 'GET',
      path: '/v2/shop/checkout/referrers/latest',
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'methods of nobody',
      method: 'POST',
      path: `${manifests}/1.0`,
      body: 'x',
      status: 405,
      code: 'UNSUPPORTED',
      answers: { allow: 'GET, HEAD, PUT, DELETE' },
    },
    {
      name: 'paths of nobody',
      method: 'GET',
      path: '/v2/shop/checkout/nothing',
      status: 404,
      code: 'UNSUPPORTED',
    },
    {
      name: 'pulling only',
      method: 'PUT',
      path: `${manifests}/1.0`,
      body: image.content,
      as: 'reader',
      status: 403,
      code: 'DENIED',
    },
    {
      name: 'pulling only: uploads',
      method: 'POST',
      path: '/v2/shop/checkout/blobs/uploads/',
      as: 'reader',
      status: 403,
      code: 'DENIED',
    },
    {
      name: 'pushing without deleting',
      method: 'DELETE',
      path: `${manifests}/1.0`,
      as: 'pusher',
      status: 403,
      code: 'DENIED',
    },
    {
      name: 'no scope for it',
      method: 'GET',
      path: `${manifests}/1.0`,
      as: 'nobody',
      status: 403,
      code: 'DENIED',
    },
  ]
  for (const row of rows) await t.test(row.name, () => holds(registry, row))
  await t.test('nothing of what was refused is there', async () => {
    const tags = await registry.request('/v2/shop/checkout/tags/list')
    assert.deepEqual(await tags.json(), { name: 'shop/checkout', tags: ['1.0'] })
    const stored = []
    for await (const blob of registry.blobs.list()) stored.push(blob.digest)
    const pushed = [image.config, image.layer, hello].map((bytes) => digestOf(bytes))
    assert.deepEqual(stored.sort(), pushed.sort())
    assert.deepEqual(registry.failures, [])
  })
})

test('more tries than the identity room allows: TOOMANYREQUESTS with Retry-After', async (t) => {
  const registry = await startPushRegistry(t)
  const answer = await registry.request('/v2/', { as: 'guesser' })
  assert.equal(answer.status, 429)
  assert.equal(await errorCode(answer), 'TOOMANYREQUESTS')
  // Seven seconds, says the authenticator.
  assert.equal(answer.headers.get('retry-after'), '7')
})

for (const [name, size] of [
  ['a blob', 70_000],
  ['a zero-byte blob', 0],
] as const) {
  test(`${name} is pushed in every way`, async (t) => {
    const registry = await startPushRegistry(t)
    const bytes = Buffer.alloc(size, 'abcdefg')
    const digest = digestOf(bytes)
    const half = Math.floor(size / 2)
    const ways: readonly [string, (repository: string) => Promise<Response>][] = [
      [
        'end-4b POST alone',
        (repository) => send(registry, 'POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, bytes),
      ],
      [
        'end-4a POST, end-6 PUT',
        async (repository) =>
          send(registry, 'PUT', `${await begin(registry, repository)}?digest=${digest}`, bytes),
      ],
      [
        'end-5 PATCH as a stream, end-6 PUT empty',
        async (repository) => {
          const location = await begin(registry, repository)
          const stream = new Blob([bytes]).stream()
          const patched = await registry.request(location, { method: 'PATCH', body: stream, duplex: 'half' })
          assert.equal(patched.status, 202)
          assert.equal(patched.headers.get('range'), `0-${Math.max(0, size - 1)}`)
          assert.equal(patched.headers.get('location'), location)
          return send(registry, 'PUT', `${location}?digest=${digest}`)
        },
      ],
      [
        'end-5 PATCH in chunks with Content-Range, the last in end-6 PUT',
        async (repository) => {
          const location = await begin(registry, repository)
          if (size === 0) return send(registry, 'PUT', `${location}?digest=${digest}`)
          const first = await send(registry, 'PATCH', location, bytes.subarray(0, 1000), {
            'content-range': '0-999',
          })
          assert.equal(first.status, 202)
          assert.equal(first.headers.get('range'), '0-999')
          const again = await send(registry, 'PATCH', location, bytes.subarray(0, 1000), {
            'content-range': '0-999',
          })
          assert.equal(again.status, 416)
          assert.equal(again.headers.get('range'), '0-999')
          const status = await registry.request(location)
          assert.equal(status.status, 204)
          assert.equal(status.headers.get('range'), '0-999')
          assert.equal(status.headers.get('location'), location)
          const second = await send(registry, 'PATCH', location, bytes.subarray(1000, half))
          assert.equal(second.headers.get('range'), `0-${half - 1}`)
          return send(registry, 'PUT', `${location}?digest=${digest}`, bytes.subarray(half), {
            'content-range': `${half}-${size - 1}`,
          })
        },
      ],
      [
        'end-11 mounted',
        async (repository) => {
          await pushBlob(registry, 'source', bytes)
          return registry.request(`/v2/${repository}/blobs/uploads/?mount=${digest}&from=source`, {
            method: 'POST',
          })
        },
      ],
      [
        'with sha512',
        async (repository) =>
          send(
            registry,
            'PUT',
            `${await begin(registry, repository, '?digest-algorithm=sha512')}?digest=${digestOf(bytes, 'sha512')}`,
            bytes,
          ),
      ],
    ]
    for (const [number, [way, push]] of ways.entries()) {
      await t.test(way, async () => {
        const wanted = way.includes('sha512') ? digestOf(bytes, 'sha512') : digest
        const answer = await push(`way${number}/x`)
        assert.equal(answer.status, 201, await answer.text())
        assert.equal(answer.headers.get('docker-content-digest'), wanted)
        assert.equal(answer.headers.get('location'), `/v2/way${number}/x/blobs/${wanted}`)
        const pulled = await registry.request(answer.headers.get('location') ?? '')
        assert.deepEqual(Buffer.from(await pulled.arrayBuffer()), bytes)
      })
    }
    await t.test('a finished upload is over', async () => {
      const location = await begin(registry, 'way1/x')
      assert.equal((await send(registry, 'PUT', `${location}?digest=${digest}`, bytes)).status, 201)
      assert.equal((await registry.request(location)).status, 404)
    })
    assert.deepEqual(registry.failures, [])
  })
}

test('an upload that is cancelled, or has other bytes, is gone', async (t) => {
  const registry = await startPushRegistry(t)
  const cancelled = await begin(registry, 'a')
  await send(registry, 'PATCH', cancelled, hello)
  assert.equal((await registry.request(cancelled, { method: 'DELETE' })).status, 204)
  assert.equal((await registry.request(cancelled)).status, 404)
  const wrong = await begin(registry, 'a')
  const refused = await send(registry, 'PUT', `${wrong}?digest=${absent}`, hello)
  assert.equal(refused.status, 400)
  assert.equal(await errorCode(refused), 'DIGEST_INVALID')
  assert.equal((await registry.request(wrong)).status, 404)
  assert.equal((await registry.request(`/v2/a/blobs/${absent}`, { method: 'HEAD' })).status, 404)
})

test('a mount that cannot be is an upload', async (t) => {
  const registry = await startPushRegistry(t)
  await pushBlob(registry, 'source', hello)
  const tries = [
    [`mount=${absent}&from=source`, 'alice'],
    [`mount=${helloDigest}&from=elsewhere`, 'alice'],
    [`mount=${helloDigest}`, 'alice'],
    [`mount=${helloDigest}&from=SOURCE`, 'alice'],
    [`mount=${helloDigest}&from=source`, 'bob'],
  ] as const
  for (const [query, as] of tries) {
    const answer = await registry.request(`/v2/target/blobs/uploads/?${query}`, { method: 'POST', as })
    assert.equal(answer.status, 202, query)
    assert.match(answer.headers.get('location') ?? '', /^\/v2\/target\/blobs\/uploads\/[0-9a-f-]{36}$/)
  }
  assert.equal((await registry.request(`/v2/target/blobs/${helloDigest}`, { method: 'HEAD' })).status, 404)
})

test('manifests are put by tag, by digest, by digest with tags, and with a subject', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  const put = registry.put.at(-1)
  assert.deepEqual(
    [put?.cid, put?.repository, put?.reference, put?.digest, put?.mediaType, put?.artifactType],
    ['a'.repeat(32), 'a', '1.0', image.digest, ociManifest, 'application/vnd.oci.image.config.v1+json'],
  )
  const tagged = await putManifest(registry, 'a', `${image.digest}?tag=x&tag=y`, image)
  assert.equal(tagged.status, 201)
  assert.equal(tagged.headers.get('oci-tag'), 'x, y')
  assert.equal(tagged.headers.get('docker-content-digest'), image.digest)
  assert.equal(tagged.headers.get('location'), `/v2/a/manifests/${image.digest}`)
  const tags = await registry.request('/v2/a/tags/list')
  assert.deepEqual(await tags.json(), { name: 'a', tags: ['1.0', 'x', 'y'] })

  const wide = digestOf(image.content, 'sha512')
  assert.equal((await putManifest(registry, 'a', wide, image)).status, 201)
  const pulled = await registry.request(`/v2/a/manifests/${wide}`)
  assert.equal(pulled.headers.get('docker-content-digest'), wide)
  assert.deepEqual(Buffer.from(await pulled.arrayBuffer()), image.content)

  // The subject need not be there.
  const referrer = tinyImage('referrer', { subject: { mediaType: ociManifest, digest: absent, size: 9 } })
  await pushBlob(registry, 'a', referrer.config)
  await pushBlob(registry, 'a', referrer.layer)
  const referring = await putManifest(registry, 'a', referrer.digest, referrer)
  assert.equal(referring.status, 201)
  assert.equal(referring.headers.get('oci-subject'), absent)
  assert.equal(registry.put.at(-1)?.subject, absent)
})

test('Docker schema 2, foreign layers, and an index of blobs as BuildKit writes its cache', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushBlob(registry, 'a', image.config)
  await pushBlob(registry, 'a', image.layer)
  const docker = written(
    {
      config: descriptorOf(image.config, 'application/vnd.docker.container.image.v1+json'),
      layers: [
        descriptorOf(image.layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip'),
        {
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          digest: absent,
          size: 7,
          urls: ['https://example.com/x'],
        },
      ],
    },
    'application/vnd.docker.distribution.manifest.v2+json',
  )
  assert.equal((await putManifest(registry, 'a', 'docker', docker)).status, 201)
  const list = written(
    { manifests: [{ ...docker.descriptor, platform: { os: 'linux', architecture: 'amd64' } }] },
    'application/vnd.docker.distribution.manifest.list.v2+json',
  )
  assert.equal((await putManifest(registry, 'a', 'list', list)).status, 201)
  const cache = written(
    { manifests: [descriptorOf(image.layer, 'application/vnd.oci.image.layer.v1.tar')] },
    ociIndex,
  )
  assert.equal((await putManifest(registry, 'a', 'cache', cache)).status, 201)
  const pulled = await registry.request('/v2/a/manifests/list')
  assert.equal(
    pulled.headers.get('content-type'),
    'application/vnd.docker.distribution.manifest.list.v2+json',
  )
})

test('a manifest of just 8 MiB is taken', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', 'small', image)
  const fields = JSON.parse(image.content.toString()) as Record<string, unknown>
  const room = 8 * 1024 * 1024 - written({ ...fields, annotations: { pad: '' } }).content.length
  const largest = written({ ...fields, annotations: { pad: 'x'.repeat(room) } })
  assert.equal(largest.content.length, 8 * 1024 * 1024)
  assert.equal((await putManifest(registry, 'a', 'large', largest)).status, 201)
  const pulled = await registry.request('/v2/a/manifests/large')
  assert.equal(digestOf(Buffer.from(await pulled.arrayBuffer())), largest.digest)
})

test('deleting: tags alone, manifests with their tags, blobs that nobody needs', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'a', '1.0', image)
  await putManifest(registry, 'a', 'latest', image)
  const remove = (path: string) => registry.request(path, { method: 'DELETE' })
  assert.equal((await remove('/v2/a/manifests/1.0')).status, 202)
  assert.equal((await registry.request('/v2/a/manifests/1.0')).status, 404)
  assert.equal((await registry.request(`/v2/a/manifests/${image.digest}`)).status, 200)
  assert.equal((await remove(`/v2/a/manifests/${image.digest}`)).status, 202)
  assert.equal((await registry.request('/v2/a/manifests/latest')).status, 404)
  assert.equal((await registry.request(`/v2/a/manifests/${image.digest}`)).status, 404)
  const told = registry.deleted.map(({ reference, digest }) => [reference, digest])
  assert.deepEqual(told, [
    ['1.0', image.digest],
    ['latest', image.digest],
    [image.digest, image.digest],
  ])
  const layer = `/v2/a/blobs/${digestOf(image.layer)}`
  assert.equal((await remove(layer)).status, 202)
  assert.equal((await registry.request(layer)).status, 404)
  assert.equal((await remove(layer)).status, 404)
  const tags = await registry.request('/v2/a/tags/list')
  assert.deepEqual(await tags.json(), { name: 'a', tags: [] })
})

test('referrers come in pages that a client can read', async (t) => {
  const registry = await startPushRegistry(t)
  await pushBlob(registry, 'a', hello)
  const config = descriptorOf(hello, 'application/vnd.example')
  const expected: string[] = []
  // Two megabytes of annotations each: no two fit into one answer.
  for (let number = 0; number < 3; number++) {
    const fields = { config, layers: [], subject: { mediaType: ociManifest, digest: absent, size: 1 } }
    const referrer = written({
      ...fields,
      annotations: { number: String(number), pad: 'x'.repeat(2_000_000) },
    })
    assert.equal((await putManifest(registry, 'a', referrer.digest, referrer)).status, 201)
    expected.push(referrer.digest)
  }
  const found: string[] = []
  let path: string | undefined = `/v2/a/referrers/${absent}?artifactType=application/vnd.example`
  for (let pages = 0; path && pages < 5; pages++) {
    const answer: Response = await registry.request(path)
    assert.equal(answer.headers.get('oci-filters-applied'), 'artifactType')
    const body = (await answer.json()) as { manifests: { digest: string }[] }
    assert.equal(body.manifests.length, 1)
    found.push(...body.manifests.map(({ digest }) => digest))
    path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  assert.deepEqual(found, expected.sort())
})

async function begin(registry: PushRegistry, repository: string, query = ''): Promise<string> {
  const answer = await registry.request(`/v2/${repository}/blobs/uploads/${query}`, { method: 'POST' })
  assert.equal(answer.status, 202)
  assert.equal(answer.headers.get('content-length'), '0')
  const location = answer.headers.get('location') ?? ''
  assert.match(location, /\/blobs\/uploads\/[0-9a-f-]{36}$/)
  return location
}

function send(
  registry: PushRegistry,
  method: string,
  path: string,
  bytes: Uint8Array = new Uint8Array(),
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}
  return registry.request(path, {
    method,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    ...body,
  })
}
