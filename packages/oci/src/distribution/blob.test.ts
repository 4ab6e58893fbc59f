import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest } from '@lanner/model'
import {
  answer,
  answeredWith,
  droppedAfter,
  emptyRepository,
  endless,
  FakeClock,
  type FakeFaultRule,
  pushBlob,
  serverError,
  stalledAfter,
  startFakeRegistry,
  withHeaders,
} from '@lanner/testkit'
import { anonymous } from '../credentials/credential.ts'
import { RegistryFault, type RegistryFaultCode } from '../transport/registry-fault.ts'
import { RegistryTransport, type TransportOptions } from '../transport/registry-transport.ts'
import { streamBlob } from './blob.ts'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 255))
const repository = emptyRepository()
const digest = pushBlob(repository, content, 'application/octet-stream').digest as Digest
const size = content.length

interface Setting {
  readonly faults?: readonly FakeFaultRule[]
  readonly offset?: number
  readonly size?: number
  readonly transport?: TransportOptions
}

/** What came of reading the blob, and the ranges that were asked for. */
async function read(
  setting: Setting,
): Promise<{ bytes: Buffer; ranges: (string | undefined)[]; error?: unknown; waits: number[] }> {
  const fake = await startFakeRegistry({ repositories: new Map([['a', repository]]), faults: setting.faults })
  const clock = new FakeClock()
  const transport = new RegistryTransport(fake.host, anonymous, {
    clock,
    random: () => 0,
    ...setting.transport,
  })
  const parts: Buffer[] = []
  let error: unknown
  try {
    const descriptor = { digest, size: setting.size ?? size }
    for await (const part of streamBlob(transport, 'a', descriptor, { offset: setting.offset }))
      parts.push(part)
  } catch (caught) {
    error = caught
  } finally {
    await transport.close()
    await fake.close()
  }
  const asked = fake.requests.filter(({ line }) => line.includes('/blobs/'))
  return {
    bytes: Buffer.concat(parts),
    ranges: asked.map(({ headers }) => headers['range']),
    error,
    waits: clock.waits,
  }
}

/** Headers of a body that ends where it ends. */
const unannounced = { 'transfer-encoding': 'chunked', 'content-length': [] }

const on = /\/blobs\//
/** Each answer breaks after `bytes`, for so many times. */
const breaking = (bytes: number, times?: number): FakeFaultRule => ({ on, times, fault: droppedAfter(bytes) })
/** A server that knows no ranges: always 200 and everything. */
const rangeless: FakeFaultRule['fault'] = (usual) => ({ ...answer(200, content), dropAfter: usual.dropAfter })

const successes: readonly (Setting & {
  readonly name: string
  readonly ranges: readonly (string | undefined)[]
})[] = [
  { name: 'whole', ranges: [undefined] },
  { name: 'from an offset', offset: 1_000, ranges: ['bytes=1000-'] },
  { name: 'from its end: nothing is asked', offset: size, ranges: [] },
  { name: 'broken once', faults: [breaking(100_000, 1)], ranges: [undefined, 'bytes=100000-'] },
  {
    name: 'broken twice, from an offset',
    offset: 50,
    faults: [breaking(1_000, 2)],
    ranges: ['bytes=50-', 'bytes=1050-', 'bytes=2050-'],
  },
  { name: 'ranges ignored', offset: 70_000, faults: [{ on, fault: rangeless }], ranges: ['bytes=70000-'] },
  {
    name: 'broken, then ranges ignored',
    faults: [breaking(80_000, 1), { on, fault: rangeless }],
    ranges: [undefined, 'bytes=80000-'],
  },
  { name: 'broken before the first byte', faults: [breaking(0, 1)], ranges: [undefined, undefined] },
  {
    name: 'idle in the middle',
    faults: [{ on, times: 1, fault: stalledAfter(100_000) }],
    transport: { timeouts: { bodyIdle: 20 } },
    ranges: [undefined, 'bytes=100000-'],
  },
  {
    name: 'broken, then the server is down for a moment',
    faults: [breaking(100_000, 1), { on, times: 1, fault: serverError(503) }],
    ranges: [undefined, 'bytes=100000-', 'bytes=100000-'],
  },
  {
    name: 'without a length',
    faults: [{ on, fault: withHeaders(unannounced) }],
    ranges: [undefined],
  },
]

for (const { name, ranges, ...setting } of successes) {
  test(`a blob is read: ${name}`, async () => {
    const result = await read(setting)
    assert.equal(result.error, undefined)
    assert.ok(result.bytes.equals(content.subarray(setting.offset ?? 0)))
    assert.deepEqual(result.ranges, ranges)
  })
}

const lies = (headers: Record<string, string>) => [breaking(1_000, 1), { on, fault: withHeaders(headers) }]

const failures: readonly (Setting & {
  readonly name: string
  readonly fails: readonly [RegistryFaultCode, RegExp]
})[] = [
  {
    name: 'is not there',
    faults: [{ on, fault: answeredWith(answer(404)) }],
    fails: ['not-found', /reading blob sha256:.* of a/],
  },
  { name: 'breaks for ever', faults: [breaking(10)], fails: ['unreachable', /broken off/] },
  {
    name: 'is shorter than its descriptor',
    size: size + 1,
    fails: ['malformed', /300000 bytes were announced where its descriptor leaves 300001/],
  },
  { name: 'is longer than its descriptor', size: size - 1, fails: ['malformed', /announced/] },
  {
    name: 'never ends',
    faults: [{ on, fault: endless() }],
    fails: ['too-large', /more than the 300000 bytes/],
  },
  {
    name: 'ends early again and again, unannounced',
    faults: [
      {
        on,
        fault: (usual) => ({ ...withHeaders(unannounced)(usual, request), body: usual.body.subarray(0, 1) }),
      },
    ],
    fails: ['unreachable', /ended after 5 of 300000 bytes/],
  },
  {
    name: 'announces the wrong length',
    faults: [{ on, fault: withHeaders({ 'content-length': '7' }) }],
    fails: ['malformed', /7 bytes were announced/],
  },
  {
    name: 'comes compressed',
    faults: [{ on, fault: withHeaders({ 'content-encoding': 'gzip' }) }],
    fails: ['malformed', /content encoding "gzip"/],
  },
  {
    name: 'comes with another range',
    faults: lies({ 'content-range': 'bytes 0-299999/300000' }),
    fails: ['malformed', /bytes 1000 to 299999 were asked for/],
  },
  {
    name: 'comes with another total',
    faults: lies({ 'content-range': 'bytes 1000-299999/400000' }),
    fails: ['malformed', /were asked for/],
  },
  {
    name: 'comes with no range',
    faults: lies({ 'content-range': 'items' }),
    fails: ['malformed', /were asked for/],
  },
]

for (const { name, fails, ...setting } of failures) {
  test(`a blob fails that ${name}`, async () => {
    const { error } = await read(setting)
    assert.ok(error instanceof RegistryFault, String(error))
    assert.match(error.message, fails[1])
    assert.equal(error.code, fails[0])
  })
}

test('breaks are given up after five in a row without progress', async () => {
  const { ranges, waits } = await read({ faults: [breaking(10)] })
  assert.deepEqual(ranges, [undefined, 'bytes=10-', 'bytes=20-', 'bytes=30-', 'bytes=40-'])
  assert.deepEqual(waits, [150, 300, 600, 1_200])
})

test('a body that trickles is given up, however little it idles', async () => {
  const clock = new FakeClock()
  const slow = {
    wait: clock.wait,
    // Every look at the clock lets an hour pass: a few bytes a second, as far as the transport can tell.
    now() {
      clock.advance(3_600_000)
      return clock.now()
    },
  }
  const { error } = await read({ size: 1e9, faults: [{ on, fault: endless() }], transport: { clock: slow } })
  assert.ok(error instanceof RegistryFault, String(error))
  assert.match(error.message, /the answer is too slow/)
  assert.equal(error.code, 'unreachable')
})

test('leaving the loop ends the connection', async () => {
  const fake = await startFakeRegistry({
    repositories: new Map([['a', repository]]),
    faults: [{ on, fault: endless() }],
  })
  const transport = new RegistryTransport(fake.host, anonymous)
  for await (const part of streamBlob(transport, 'a', { digest, size: 1e12 })) if (part.length > 0) break
  await transport.close()
  await fake.close()
})

const request = { method: 'GET', path: '', headers: {}, body: '' }
