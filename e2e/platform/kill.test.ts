import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { type Api, eventually, signIn } from './api.ts'
import { databasesBelow } from './databases.ts'
import { smallImage } from './images.ts'
import { type Platform, startPlatform } from './platform.ts'
import { Ledger, pushOn, type Target } from './pusher.ts'
import { randomOf } from './random.ts'

const rounds = 50
const pushers = 3
const seed = Number(process.env['LANNER_E2E_SEED'] ?? Date.now() % 2 ** 31)

/** The server takes longest to start. */
const victims = ['server', 'both', 'database', 'database', 'backend', 'backend'] as const

describe(`server and database are killed while images are pushed and assessed (LANNER_E2E_SEED=${seed})`, () => {
  let platform: Platform
  const ledger = new Ledger()
  const killed = new Map<string, number>()

  before(async () => {
    platform = await startPlatform({ args: ['--demo'], env })
  })

  after(async () => {
    await platform?.stop()
  })

  test(`${rounds} rounds`, async () => {
    const random = randomOf(seed)
    const target: Target = { url: platform.url, authorization: authorizationOf(platform) }
    let stopped = false
    let count = 0
    let pushedInRound = 0
    const pushing = Promise.all(
      Array.from({ length: pushers }, (_, at) =>
        pushOn(target, `kill/${at}`, {
          images: () => smallImage(`image ${count++}`),
          random: randomOf(seed + 1 + at),
          ledger,
          stopped: () => stopped,
          pushed: () => pushedInRound++,
        }),
      ),
    )
    // A pusher that fails ends the rounds.
    let failed = false
    pushing.catch(() => (failed = true))
    for (let round = 0; round < rounds && !failed; round++) {
      pushedInRound = 0
      // Every round has something to lose, and does not always wait until it is assessed.
      await eventually('a push', async () => (pushedInRound > 0 || failed ? true : undefined))
      await new Promise((resolve) => setTimeout(resolve, random.below(400)))
      const victim = victims[random.below(victims.length)]
      killed.set(victim, (killed.get(victim) ?? 0) + 1)
      await kill(victim, random.below(1000))
      target.url = platform.url
      await ready(platform.url)
    }
    stopped = true
    await pushing
  })

  test('every acknowledged tag, manifest and blob is there with its bytes', async (t) => {
    t.diagnostic(`killed: ${[...killed].map(([what, times]) => `${what} ${times}`).join(', ')}`)
    t.diagnostic(`acknowledged: ${ledger.tags.size} tags, ${ledger.blobs.size} blobs`)
    assert.equal(
      [...killed.values()].reduce((sum, each) => sum + each, 0),
      rounds,
    )
    assert.ok(ledger.tags.size > rounds, 'more was pushed than killed')
    for (const [name, possible] of ledger.tags) {
      const [repository, tag] = name.split(' ') as [string, string]
      const { status, headers } = await fetched(`/v2/${repository}/manifests/${tag}`)
      assert.equal(status, 200, name)
      assert.ok(possible.has(headers.get('Docker-Content-Digest') ?? ''), name)
    }
    for (const [kind, contents] of [
      ['manifests', ledger.manifests],
      ['blobs', ledger.blobs],
    ] as const)
      for (const [name, bytes] of contents) {
        const [repository, digest] = name.split(' ') as [string, string]
        const { status, body } = await fetched(`/v2/${repository}/${kind}/${digest}`)
        assert.equal(status, 200, name)
        assert.ok(body.equals(bytes), `${name} has its bytes`)
      }
  })

  test('every job ends, and every acknowledged image is assessed', async () => {
    const api = await signIn(platform.url, platform.credentials)
    await eventually('the end of all jobs', async () =>
      (await jobsIn(api, 'ready,delayed,running')).length === 0 ? true : undefined,
    )
    // A run that the database's end interrupted is over where the tag was pushed anew meanwhile: the newer one counts.
    const newest = new Map<string, Job>()
    for (const job of await allJobs(api)) if (!newest.has(job.key)) newest.set(job.key, job)
    assert.ok(newest.size >= ledger.tags.size)
    assert.deepEqual(
      [...newest.values()].filter(({ state }) => state !== 'done'),
      [],
    )
    for (const name of ledger.manifests.keys()) {
      const digest = name.split(' ')[1]
      const [state] = await api.resources('GET', `/lanner/v1/images/${digest}`)
      assert.equal(state.state, 'assessed', `${name}: ${JSON.stringify(state)}`)
    }
    const tag = [...ledger.tags.keys()][0]?.split(' ') as [string, string]
    const query = { repository: tag[0], tag: tag[1] }
    const { status, body } = await api.call('GET', '/reports', { query })
    assert.equal(status, 200)
    assert.ok(body.Vulnerabilities.length > 0)
  })

  async function kill(victim: (typeof victims)[number], choice: number): Promise<void> {
    const postmaster = databasesBelow(platform.folder)[0]
    if (victim === 'backend') {
      const backend = backendOf(postmaster, choice)
      if (backend !== undefined) process.kill(backend, 'SIGKILL')
      return
    }
    if (victim !== 'server' && postmaster !== undefined) process.kill(postmaster, 'SIGKILL')
    if (victim === 'database') return
    await platform.kill()
    platform = await startPlatform({ folder: platform.folder, env })
  }

  /** The last kill may not even have been noticed yet. */
  function fetched(path: string) {
    return eventually(path, async () => {
      const response = await fetch(new URL(path, platform.url), {
        headers: { Authorization: authorizationOf(platform) },
      })
      const body = Buffer.from(await response.arrayBuffer())
      return response.status === 503
        ? undefined
        : { status: response.status, headers: response.headers, body }
    })
  }
})

/** The pushers ask more often than a person's pipelines do. */
const env = { LANNER_RATE_LIMIT: '0' }

function authorizationOf({ credentials }: Platform): string {
  return `Basic ${Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')}`
}

function ready(url: string): Promise<true> {
  return eventually('readiness', async () => {
    const status = await fetch(new URL('/readyz', url)).then(
      (response) => response.status,
      () => 0,
    )
    return status === 200 ? true : undefined
  })
}

interface Job {
  readonly id: string
  readonly key: string
  readonly state: string
}

function jobsIn(api: Api, state: string): Promise<readonly Job[]> {
  return api.resources('GET', '/lanner/v1/jobs', { query: { state, limit: 500 } })
}

/** Newest first. */
async function allJobs(api: Api): Promise<readonly Job[]> {
  const all: Job[] = []
  for (;;) {
    const before = all.at(-1)?.id
    const query = { limit: 500, ...(before === undefined ? {} : { before }) }
    const page: readonly Job[] = await api.resources('GET', '/lanner/v1/jobs', { query })
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** A process of the server that serves a connection, if there is one. */
function backendOf(postmaster: number | undefined, choice: number): number | undefined {
  if (postmaster === undefined) return undefined
  const backends = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres: lanner')
      } catch {
        return false
      }
    })
  return backends[choice % backends.length]
}
