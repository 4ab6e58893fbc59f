import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  errorCode,
  hello,
  helloDigest,
  pushBlob,
  pushTinyImage,
  tinyImage,
} from '../../testing/push-content.ts'
import { startPushRegistry } from '../../testing/push-registry.ts'
import { holds, type SpecifiedAnswer } from '../../testing/specified-answer.ts'

// Expected statuses, headers and codes are those of the distribution specification 1.1, over a server that listens:
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

test('what cannot be read is refused in the words of the specification', async (t) => {
  const registry = await startPushRegistry(t)
  await pushTinyImage(registry, 'shop/checkout', '1.0', tinyImage('one'))
  await pushBlob(registry, 'shop/checkout', hello)
  const noUpload = '/v2/shop/checkout/blobs/uploads/00000000-0000-4000-8000-000000000000'
  const manifests = '/v2/shop/checkout/manifests'

  const rows: SpecifiedAnswer[] = [
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
    { name: 'end-13 unknown', method: 'GET', path: noUpload, status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
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
      name: 'end-12a no digest',
      method: 'GET',
      path: '/v2/shop/checkout/referrers/latest',
      status: 400,
      code: 'DIGEST_INVALID',
    },
    {
      name: 'paths of nobody',
      method: 'GET',
      path: '/v2/shop/checkout/nothing',
      status: 404,
      code: 'UNSUPPORTED',
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
})

test('more tries than the identity room allows: TOOMANYREQUESTS with Retry-After', async (t) => {
  const registry = await startPushRegistry(t)
  const answer = await registry.request('/v2/', { as: 'guesser' })
  assert.equal(answer.status, 429)
  assert.equal(await errorCode(answer), 'TOOMANYREQUESTS')
  // Seven seconds, says the authenticator.
  assert.equal(answer.headers.get('retry-after'), '7')
})
