import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  formatReference,
  parseReference,
  parseRegistry,
  ReferenceFault,
  registryEndpoint,
} from './reference.ts'

const hex = 'a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4'
const digest = `sha256:${hex}`

// Written, and what Docker's normalisation makes of it.
const accepted: readonly (readonly [string, string])[] = [
  ['debian', 'docker.io/library/debian:latest'],
  ['debian:12', 'docker.io/library/debian:12'],
  ['docker.io/debian', 'docker.io/library/debian:latest'],
  ['docker.io/library/debian:12', 'docker.io/library/debian:12'],
  ['index.docker.io/grafana/grafana', 'docker.io/grafana/grafana:latest'],
  ['grafana/grafana', 'docker.io/grafana/grafana:latest'],
  [' debian \n', 'docker.io/library/debian:latest'],
  [`debian@${digest}`, `docker.io/library/debian@${digest}`],
  [`debian:12@${digest}`, `docker.io/library/debian:12@${digest}`],
  [`localhost:5000/a/b@${digest}`, `localhost:5000/a/b@${digest}`],
  ['localhost/a', 'localhost/a:latest'],
  ['localhost:5000/a:5000', 'localhost:5000/a:5000'],
  ['[2001:db8::1]:5000/a', '[2001:db8::1]:5000/a:latest'],
  ['GHCR.io/owner/name:V1.0', 'ghcr.io/owner/name:V1.0'],
  ['a.b/c__d/e-f.g---h:x', 'a.b/c__d/e-f.g---h:x'],
  ['registry.example.com/a:_x.y-z', 'registry.example.com/a:_x.y-z'],
  [`q.io/a@sha512:${hex}${hex}`, `q.io/a@sha512:${hex}${hex}`],
  [`q.io/a:${'t'.repeat(128)}`, `q.io/a:${'t'.repeat(128)}`],
]

for (const [written, full] of accepted) {
  test(`reads ${JSON.stringify(written)}`, () => {
    const reference = parseReference(written)
    assert.equal(formatReference(reference), full)
    assert.deepEqual(parseReference(full), reference)
  })
}

// Written, and what the message must name.
const refused: readonly (readonly [string, RegExp])[] = [
  ['', /it is empty/],
  ['  ', /it is empty/],
  ['a'.repeat(2000), /2000 characters/],
  ['https://docker.io/debian', /leave out https:\/\//],
  ['docker://debian', /leave out docker:\/\//],
  ['Debian', /"Debian" must be in lower case/],
  ['a//b', /empty part between slashes/],
  ['a/', /empty part/],
  ['/a', /empty part/],
  ['debian:', /tag after the colon is missing/],
  [':12', /name before the tag is missing/],
  [`@${digest}`, /name before @ is missing/],
  ['debian:-x', /tag "-x" must be/],
  ['debian:a b', /tag "a b" must be/],
  [`debian:${'t'.repeat(129)}`, /tag has 129 characters/],
  ['debian@sha256:abc', /digest "sha256:abc" is neither/],
  [`debian@md5:${hex}`, /digest "md5:/],
  [`debian@sha256:${hex.toUpperCase()}`, /lower-case hex/],
  [`debian@${digest}@${digest}`, /digest/],
  [`x.io/${'a/'.repeat(200)}a`, /at most 255/],
  ['a..b/c', /registry "a\.\.b" is not a host name/],
  ['-a.b/c', /registry "-a\.b"/],
  ['a.b:0/c', /port 0 is not/],
  ['a.b:70000/c', /port 70000/],
  ['a.b:x/c', /registry "a\.b:x"/],
  ['[zz::1]/c', /registry "\[zz::1\]"/],
  ['a_.b/c', /registry/],
  ['a/b_', /"b_" must be lower-case letters/],
  ['a/.b', /"\.b"/],
  ['a/b___c', /"b___c"/],
  ['a/../b', /"\.\."/],
  [hex, /image id/],
  ['a/\u001b[31mb', /\\u001b/],
  ['__proto__', /"__proto__"/],
]

for (const [written, message] of refused) {
  test(`refuses ${JSON.stringify(written.slice(0, 60))}`, () => {
    assert.throws(
      () => parseReference(written),
      (error) => error instanceof ReferenceFault && error.code === 'malformed' && message.test(error.message),
    )
  })
}

test('reads the name of a registry, and knows where Docker Hub is served', () => {
  assert.equal(parseRegistry('Index.Docker.io'), 'docker.io')
  assert.equal(registryEndpoint('docker.io'), 'registry-1.docker.io')
  assert.equal(parseRegistry('localhost:5000'), 'localhost:5000')
  assert.throws(() => parseRegistry('http://localhost:5000'), /leave out http:/)
  assert.throws(() => parseRegistry('a/b'), ReferenceFault)
})

test('reads hostile texts in linear time', () => {
  for (const text of [`${'a-'.repeat(500)}!`, `${'_'.repeat(1000)}`, `x.io/${'a.'.repeat(120)}!`]) {
    assert.throws(() => parseReference(text), ReferenceFault)
  }
})
