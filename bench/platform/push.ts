import { createHash, randomFillSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { request as send } from 'node:http'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { image, layer } from '../../packages/testkit/src/index.ts'
import { median, megabytes, milliseconds, type Row, times } from '../measure.ts'
import { runProcess } from '../process.ts'
import type { LannerProcess } from './server.ts'

const size = 1 << 30
const part = 1 << 20

/** A large blob pushed over HTTP, beside a plain copy of the same file to the same disk, and beside a push of a quarter of it. */
export async function benchPush(server: LannerProcess, folder: string): Promise<Row[]> {
  const path = join(folder, 'large')
  const rounds: { ratio: number; pushed: number; peak: number; small: number; grown: number }[] = []
  for (let round = 0; round < 4; round++) {
    const small = await pushNew(server, path, size / 4)
    const large = await pushNew(server, path, size, () => plainCopy(path, join(folder, 'copy')))
    rounds.push({
      ratio: large.beside / large.took,
      pushed: large.took,
      peak: large.peak,
      small: small.peak,
      grown: large.peak - large.before,
    })
  }
  // The first round grows what every later one uses again.
  const later = rounds.slice(1)
  const ratio = median(rounds.map((round) => round.ratio))
  const flat = median(later.map(({ peak, small }) => peak / small))
  const peak = median(later.map((round) => round.peak))
  const grown = Math.max(...later.map((round) => round.grown))
  return [
    {
      what: `push of a blob of ${megabytes(size)} (${Math.round(size / 1000 / median(rounds.map(({ pushed }) => pushed)))} MB/s)`,
      figure: times(ratio),
      against: 'the rate of a plain copy with SHA-256 to the same disk; at least 0.70x',
      holds: ratio >= 0.7,
    },
    {
      what: `peak memory of the server while it is pushed (${megabytes(peak)})`,
      figure: times(flat),
      against: `the same while a quarter of it is pushed; at most ${megabytes(Math.max(0, grown))} above what it had before; at most 1.10x`,
      holds: flat <= 1.1,
    },
  ]
}

/** Writes a file, does what is to be measured beside, and pushes it. Times in milliseconds, memory in bytes. */
async function pushNew(
  server: LannerProcess,
  path: string,
  bytes: number,
  beside: () => Promise<number> = async () => 0,
): Promise<{ took: number; beside: number; before: number; peak: number }> {
  const digest = await writeRandom(path, bytes)
  const other = await beside()
  const before = server.memory()
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, server.memory())), 20)
  const started = performance.now()
  await pushFile(server, 'bench/large', path, digest, bytes)
  const took = performance.now() - started
  clearInterval(watch)
  return { took, beside: other, before, peak }
}

/** Bytes that do not compress, on the disk; gives their digest. */
async function writeRandom(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  const block = Buffer.alloc(16 * part)
  for (let written = 0; written < size; written += block.length) {
    randomFillSync(block, 0, 4096)
    if (written === 0) randomFillSync(block)
    hash.update(block)
    await file.write(block)
  }
  await file.sync()
  await file.close()
  return `sha256:${hash.digest('hex')}`
}

/** Milliseconds that a process takes that reads, hashes, writes and fsyncs; without its start. */
async function plainCopy(from: string, to: string): Promise<number> {
  const script = `
    const { createHash } = require('node:crypto')
    const { createReadStream, createWriteStream, openSync, fsyncSync, rmSync } = require('node:fs')
    const { pipeline } = require('node:stream/promises')
    const [from, to] = process.argv.slice(1)
    const hash = createHash('sha256')
    pipeline(
      createReadStream(from, { highWaterMark: ${part} }),
      async function* (parts) { for await (const part of parts) { hash.update(part); yield part } },
      createWriteStream(to, { highWaterMark: ${part} }),
    ).then(() => { fsyncSync(openSync(to, 'r+')); hash.digest(); rmSync(to) })`
  const bare = await runProcess(process.execPath, ['--eval', ''])
  const { took } = await runProcess(process.execPath, ['--eval', script, from, to])
  return took - bare.took
}

async function pushFile(
  server: LannerProcess,
  repository: string,
  path: string,
  digest: string,
  size: number,
) {
  const begun = await call(server, 'POST', `/v2/${repository}/blobs/uploads/`)
  const location = String(begun.headers.location)
  const target = new URL(location, server.url)
  target.searchParams.set('digest', digest)
  const stream = createReadStream(path, { highWaterMark: part })
  const answer = await call(server, 'PUT', target.href, {
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(size) },
    body: stream,
  })
  if (answer.status !== 201) throw new Error(`the push ended with ${answer.status}: ${answer.text}`)
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

async function call(
  { url, clientId, clientSecret }: LannerProcess,
  method: string,
  path: string,
  more: { headers?: Record<string, string>; body?: Buffer | ReturnType<typeof createReadStream> } = {},
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const request = send(new URL(path, url), {
    method,
    headers: { Authorization: authorization, ...more.headers },
  })
  if (more.body === undefined || Buffer.isBuffer(more.body)) request.end(more.body)
  else more.body.pipe(request)
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

/** Time from a manifest's 201 to its assessment, where every layer was read before. */
export async function benchKnownLayers(
  server: LannerProcess,
  authorization: Readonly<Record<string, string>>,
): Promise<Row[]> {
  const layers = debianLayers()
  const waits: number[] = []
  for (let round = 0; round < 21; round++) {
    // The same layers below another config: as when only a label or a command changed.
    const built = image({ layers, config: { config: { Labels: { round: `${round} ${randomUUID()}` } } } })
    for (const [digest, bytes] of built.blobs) {
      if (digest === built.digest || (round > 0 && digest !== built.configDigest)) continue
      const pushed = await call(server, 'POST', `/v2/bench/known/blobs/uploads/?digest=${digest}`, {
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(bytes.length) },
        body: bytes,
      })
      if (pushed.status !== 201) throw new Error(`a blob was answered with ${pushed.status}: ${pushed.text}`)
    }
    const put = await call(server, 'PUT', `/v2/bench/known/manifests/round-${round}`, {
      headers: {
        'Content-Type': built.descriptor.mediaType,
        'Content-Length': String(built.manifest.length),
      },
      body: built.manifest,
    })
    if (put.status !== 201) throw new Error(`the manifest was answered with ${put.status}: ${put.text}`)
    const started = performance.now()
    await assessed(server, built.digest, authorization)
    // The first reads the layers.
    if (round > 0) waits.push(performance.now() - started)
  }
  return [
    {
      what: 'push of an image whose layers are known: assessed after its manifest (400 packages)',
      figure: milliseconds(median(waits)),
      against: `the longest of ${waits.length} took ${milliseconds(Math.max(...waits))}; at most 300 ms`,
      holds: Math.max(...waits) <= 300,
    },
  ]
}

async function assessed(
  server: LannerProcess,
  digest: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await after(4)) {
    const answer = await fetch(`${server.url}/lanner/v1/images/${digest}`, { headers })
    const { resources } = (await answer.json()) as { resources?: { state: string }[] }
    const state = resources?.[0]?.state
    if (state === 'assessed' || state === 'partially') return
    if (state === 'not_assessable') throw new Error(`the pushed image was not assessable: ${digest}`)
  }
  throw new Error(`${digest} was not assessed in a minute`)
}

/** A distribution with 200 packages, and an application with as many. */
function debianLayers() {
  const status = Array.from(
    { length: 200 },
    (_, at) =>
      `Package: libbench${at}\nStatus: install ok installed\nPriority: optional\nSection: libs\nMaintainer: Debian <debian@example.org>\nArchitecture: amd64\nVersion: 1.${at}-1\nDescription: a library\n`,
  ).join('\n')
  const release =
    'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\n'
  const modules = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [
      `srv/app/node_modules/bench-${at}/package.json`,
      JSON.stringify({ name: `bench-${at}`, version: `1.${at}.0`, license: 'MIT' }),
    ]),
  )
  return [layer({ 'etc/os-release': release, 'var/lib/dpkg/status': status }), layer(modules)]
}
