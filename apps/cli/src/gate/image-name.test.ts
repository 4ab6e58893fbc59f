import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../exit.ts'
import { parseImage } from './image-name.ts'

const digest = `sha256:${'9a'.repeat(32)}`
const parse = (text: string) => parseImage(text, 'https://lanner.example.org:8443', 'policy-check')

for (const [text, expected] of [
  ['shop/checkout:1.8.2', { repository: 'shop/checkout', tag: '1.8.2' }],
  ['checkout:1', { repository: 'checkout', tag: '1' }],
  [`shop/checkout@${digest}`, { repository: 'shop/checkout', digest }],
  [`shop/checkout:1@${digest}`, { repository: 'shop/checkout', tag: '1', digest }],
  ['ghcr.io/shop/checkout:1', { registry: 'ghcr.io', repository: 'shop/checkout', tag: '1' }],
  ['localhost/checkout:1', { registry: 'localhost', repository: 'checkout', tag: '1' }],
  ['localhost:5000/checkout:1', { registry: 'localhost:5000', repository: 'checkout', tag: '1' }],
  ['[::1]:5000/checkout:1', { registry: '[::1]:5000', repository: 'checkout', tag: '1' }],
  ['lanner.example.org:8443/shop/checkout:1', { pushed: true, repository: 'shop/checkout', tag: '1' }],
  [
    'lanner.example.org/shop/checkout:1',
    { registry: 'lanner.example.org', repository: 'shop/checkout', tag: '1' },
  ],
  ['docker.io/debian:12', { registry: 'docker.io', repository: 'library/debian', tag: '12' }],
  ['index.docker.io/library/debian:12', { registry: 'docker.io', repository: 'library/debian', tag: '12' }],
] as const)
  test(`image name: ${text}`, () => assert.deepEqual(parse(text), expected))

for (const [text, why] of [
  ['', /a repository is written like/],
  ['shop/checkout', /needs a tag or a digest, such as shop\/checkout:1\.8\.2/],
  ['Shop/Checkout:1', /in lower case/],
  ['shop/checkout:', /"" is no tag/],
  ['shop/checkout:.x', /is no tag/],
  ['shop/checkout@sha256:12', /no digest/],
  [`shop/checkout@${digest}@${digest}`, /no digest/],
  ['shop//checkout:1', /a repository is written like/],
  ['../checkout:1', /"\.\." is no host/],
  ['ghcr.io:port/checkout:1', /"ghcr\.io:port" is no host/],
  ['ghcr.io/:1', /a repository is written like/],
  ['a'.repeat(2000), /too long/],
] as const)
  test(`no image name: ${text.slice(0, 40)}`, () => {
    assert.throws(
      () => parse(text),
      (error) => error instanceof UsageError && why.test(error.message),
    )
  })
