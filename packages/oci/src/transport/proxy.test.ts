import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyFor, proxyFromEnvironment } from './proxy.ts'

const https = 'http://secure-proxy:3128'
const http = 'http://plain-proxy:3128'

const cases: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['https://ghcr.io/v2/', undefined, https],
  ['http://ghcr.io/v2/', undefined, http],
  ['https://ghcr.io/v2/', '*', undefined],
  ['https://ghcr.io/v2/', 'ghcr.io', undefined],
  ['https://ghcr.io/v2/', 'GHCR.IO, other', undefined],
  ['https://pkg.ghcr.io/v2/', 'ghcr.io', undefined],
  ['https://pkg.ghcr.io/v2/', '.ghcr.io', undefined],
  ['https://pkg.ghcr.io/v2/', '*.ghcr.io', undefined],
  ['https://notghcr.io/v2/', 'ghcr.io', https],
  ['https://ghcr.io/v2/', 'ghcr.io:443', undefined],
  ['https://ghcr.io:5000/v2/', 'ghcr.io:443', https],
  ['https://10.1.2.3/v2/', '10.0.0.0/8', undefined],
  ['https://11.1.2.3/v2/', '10.0.0.0/8', https],
  ['https://10.1.2.3/v2/', '10.1.2.3', undefined],
  ['https://10.1.2.3/v2/', '2.3', https],
  ['https://[2001:db8::1]/v2/', '2001:db8::1', undefined],
  ['https://ghcr.io/v2/', '10.0.0.0/99,/,a/b', https],
  ['https://localhost:5000/v2/', undefined, undefined],
  ['https://127.0.0.1:5000/v2/', undefined, undefined],
]

for (const [url, no, expected] of cases) {
  test(`${url} with NO_PROXY=${no ?? ''} goes ${expected ? 'through the proxy' : 'directly'}`, () => {
    assert.equal(proxyFor(new URL(url), { https, http, no }), expected)
  })
}

test('reads the usual variables, lower case first', () => {
  const read = proxyFromEnvironment({ HTTPS_PROXY: 'a:1', https_proxy: 'b:2', HTTP_PROXY: '', NO_PROXY: 'x' })
  assert.deepEqual(read, { https: 'b:2', http: undefined, no: 'x' })
  assert.equal(proxyFor(new URL('https://x.io'), { https: 'proxy:3128' }), 'http://proxy:3128')
})
