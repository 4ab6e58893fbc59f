import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  descriptorOf,
  digestOf,
  hello,
  helloDigest,
  ociIndex,
  ociManifest,
  pushBlob,
  pushTinyImage,
  tinyImage,
  written,
} from '../../testing/push-content.ts'
import { startPushRegistry } from '../../testing/push-registry.ts'
import { beginUpload } from '../../testing/registry-upload.ts'
import { holds, type SpecifiedAnswer } from '../../testing/specified-answer.ts'

// Expected statuses, headers and codes are those of the distribution specification 1.1, over a server that listens:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

test('what cannot be changed is refused in the words of the specification, and nothing of it is there', async (t) => {
  const registry = await startPushRegistry(t)
  const image = tinyImage('one')
  await pushTinyImage(registry, 'shop/checkout', '1.0', image)
  await pushBlob(registry, 'shop/checkout', hello)
  const upload = await beginUpload(registry, 'shop/checkout')
  const noUpload = '/v2/shop/checkout/blobs/uploads/00000000-0000-4000-8000-000000000000'
  const manifests = '/v2/shop/checkout/manifests'
  const put = (
    name: string,
    content: unknown,
    code: string,
    more: Partial<SpecifiedAnswer> = {},
  ): SpecifiedAnswer => ({
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

  const rows: SpecifiedAnswer[] = [
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
      name: 'methods of nobody',
      method: 'POST',
      path: `${manifests}/1.0`,
      body: 'x',
      status: 405,
      code: 'UNSUPPORTED',
      answers: { allow: 'GET, HEAD, PUT, DELETE' },
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
