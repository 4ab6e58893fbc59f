import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatImageName, readImageName } from './image-name.ts'

const sha256 = `sha256:${'0a'.repeat(32)}`
const sha512 = `sha512:${'0a'.repeat(64)}`

/** By https://kubernetes.io/docs/concepts/containers/images/ and the grammar of the distribution project. */
const names = [
  ['busybox', 'docker.io/library/busybox:latest'],
  ['busybox:1.32.0', 'docker.io/library/busybox:1.32.0'],
  ['library/busybox', 'docker.io/library/busybox:latest'],
  ['team/app', 'docker.io/team/app:latest'],
  ['docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['index.docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['index.docker.io/team/app:1', 'docker.io/team/app:1'],
  ['registry.k8s.io/pause', 'registry.k8s.io/pause:latest'],
  ['registry.k8s.io/pause:3.5', 'registry.k8s.io/pause:3.5'],
  [`registry.k8s.io/pause@${sha256}`, `registry.k8s.io/pause@${sha256}`],
  [`registry.k8s.io/pause:3.5@${sha256}`, `registry.k8s.io/pause@${sha256}`],
  [`busybox@${sha512}`, `docker.io/library/busybox@${sha512}`],
  ['localhost/app', 'localhost/app:latest'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['localhost:5000/a/b/c:v1', 'localhost:5000/a/b/c:v1'],
  ['host:5000/app', 'host:5000/app:latest'],
  ['host/app', 'docker.io/host/app:latest'],
  // What has capitals before the first slash can be no repository.
  ['HOST/app', 'host/app:latest'],
  ['Registry.Example.COM:443/App/x'.replace('App', 'app'), 'registry.example.com:443/app/x:latest'],
  ['127.0.0.1:5000/app:1', '127.0.0.1:5000/app:1'],
  ['[::1]:5000/app:1', '[::1]:5000/app:1'],
  ['[2001:db8::1]/team/app', '[2001:db8::1]/team/app:latest'],
  ['registry.example.com/a.b_c__d-e---f:A.b_c-1', 'registry.example.com/a.b_c__d-e---f:A.b_c-1'],
] as const

for (const [text, full] of names)
  test(`${text} is ${full}`, () => {
    const read = readImageName(text)
    assert.ok(!('problem' in read), JSON.stringify(read))
    assert.equal(formatImageName(read), full)
  })

const malformed = [
  ['', /empty/],
  [' nginx', /white space/],
  ['nginx\n', /white space/],
  ['https://registry.example.com/app', /leave out https:\/\//],
  ['Nginx', /"Nginx" is not lower-case/],
  ['registry.example.com/Team/app', /"Team"/],
  ['registry.example.com/', /missing/],
  ['/app', /empty part/],
  ['a//b', /empty part/],
  ['app:', /tag after the colon is missing/],
  [':1', /missing/],
  ['@sha256:12', /missing/],
  ['app:-1', /not a tag/],
  [`app:${'a'.repeat(129)}`, /not a tag/],
  ['app@', /digest|neither/],
  ['app@sha256:12', /neither/],
  [`app@sha256:${'0A'.repeat(32)}`, /neither/],
  [`app@md5:${'0a'.repeat(16)}`, /neither/],
  [`app@${sha256}@${sha256}`, /neither/],
  ['host:0/app', /port 0/],
  ['host:65536/app', /port 65536/],
  ['host:port/app', /not a host/],
  ['-host.example.com/app', /not a host/],
  ['[::g]/app', /not a host/],
  ['[1:2:3]/app', /not a host/],
  ['[::1/app', /not a host/],
  ['a..b.example.com/app', /not a host/],
  ['0a'.repeat(32), /64 hex digits/],
  [`a/${'b'.repeat(300)}`, /at most 255/],
  [`a/${'b'.repeat(3000)}`, /at most 1024/],
  ['app__', /lower-case/],
  ['.app', /lower-case/],
  ['app/../other', /lower-case/],
  ['ap\u0000p', /lower-case/],
] as const

for (const [text, problem] of malformed)
  test(`${JSON.stringify(text.slice(0, 80))} names no image`, () => {
    const read = readImageName(text)
    assert.ok('problem' in read, JSON.stringify(read))
    assert.match(read.problem, problem)
    assert.ok(read.problem.length < 250)
  })

test('reading takes a time that grows no faster than the text', () => {
  for (const part of ['a-', 'a.', 'a_', '_', '-', '/', ':', '[', 'a:']) {
    const begun = performance.now()
    readImageName(part.repeat(512))
    readImageName(`a/${part.repeat(500)}!`)
    assert.ok(performance.now() - begun < 100, part)
  }
})
