import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { median, milliseconds, type Row, times } from '../measure.ts'
import { benchAdvisory } from './advisory.ts'
import { reportedImages } from './estate.ts'
import { type Call, load, percentile } from './load.ts'
import { benchPreviews } from './preview.ts'
import { benchKnownLayers, benchPush } from './push.ts'
import { benchQuestions } from './questions.ts'
import { type Seeded, seed } from './seed.ts'
import { type LannerProcess, startLanner } from './server.ts'
import { benchStart } from './start.ts'
import { benchVerdicts } from './verdict.ts'

type Headers = Readonly<Record<string, string>>

/** A running server with very many images, beside what a machine gives without one. Makes its folder below `parent`. */
export async function benchPlatform(parent: string, images = 100_000): Promise<Row[]> {
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'platform-'))
  const data = join(folder, 'data')
  const undo: (() => Promise<void>)[] = []
  try {
    const first = await startLanner(data)
    await first.stop()
    const seeded = await seed(data, first.cid, images)
    const server = await startLanner(data)
    undo.push(server.stop)
    const authorization = { Authorization: `Bearer ${await tokenOf(server)}` }
    const rows = [
      {
        what: `${images.toLocaleString('en-US')} synthetic images with shared layers, from nothing`,
        figure: `${Math.round(seeded.took / 1000)} s`,
        against: 'at most 300 s',
        holds: seeded.took <= 300_000,
      },
      await atRate('token', [tokenCall(server)], server, { perSecond: 100, bound: 60, status: 201 }),
      ...(await lists(server, seeded, authorization)),
      ...(await reports(server, seeded, authorization)),
      await besideBare(server, authorization),
      ...(await benchVerdicts(server, authorization)),
      ...(await benchPreviews(server, seeded, images, authorization)),
      ...(await benchQuestions(server, seeded, authorization)),
      ...(await benchKnownLayers(server, authorization)),
      ...(await benchPush(server, folder)),
    ]
    await server.stop()
    return [...rows, ...(await benchAdvisory(data, images)), ...(await benchStart(folder))]
  } finally {
    for (const step of undo) await step()
    rmSync(folder, { recursive: true, force: true })
  }
}

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

function tokenCall({ clientId, clientSecret }: LannerProcess): Call {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret }).toString()
  return { method: 'POST', path: '/oauth2/token', headers: form, body }
}

async function tokenOf(server: LannerProcess): Promise<string> {
  const { path, body } = tokenCall(server)
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers: form, body })
  return ((await answer.json()) as { access_token: string }).access_token
}

interface Rate {
  readonly perSecond: number
  /** Milliseconds, for the 99th percentile. */
  readonly bound: number
  readonly status?: number
  readonly seconds?: number
}

async function atRate(
  what: string,
  calls: readonly Call[],
  { url }: LannerProcess,
  { perSecond, bound, status = 200, seconds = 15 }: Rate,
): Promise<Row> {
  const result = await load({ url, calls, pace: { perSecond }, seconds, warmUp: 5, status })
  if (result.failed > 0) throw new Error(`${what}: ${result.failed} failed, such as ${result.example}`)
  const worst = percentile(result.latencies, 0.99)
  const size = Math.round(result.bytes / result.latencies.length / 1000)
  return {
    what: `${what} at ${perSecond} a second, p99`,
    figure: milliseconds(worst),
    against: `open loop, from when each was due; median ${milliseconds(percentile(result.latencies, 0.5))}, ${size} kB each; at most ${bound} ms`,
    holds: worst <= bound,
  }
}

const listPath = '/container-security/combined/image-assessment/images/v1'

/** Filters and orders as people combine them: by what few and what most images have, early and late pages. */
async function lists(server: LannerProcess, seeded: Seeded, headers: Headers): Promise<Row[]> {
  const { repositories, vulnerabilities } = seeded
  const variants: readonly (readonly [filter: string, sort: string, offset?: number])[] = [
    ["architecture:'arm64'", 'first_seen|desc'],
    ["vulnerability_severity:'critical'", 'highest_vulnerability_severity|desc'],
    [`repository:'${repositories[3]}'`, 'tag|asc'],
    ["repository:*'team-1*'", 'repository|asc'],
    ["first_seen:>'2026-06-01'+architecture:'amd64'", 'first_seen|asc'],
    [`cve_id:'${vulnerabilities[77]}'`, 'first_seen|desc'],
    ['container_running_status:false', 'registry|asc', 500],
    ["registry:'registry.example.org'", 'highest_vulnerability_severity|desc', 1000],
  ]
  const calls = variants.map(([filter, sort, offset = 0]) => ({
    path: `${listPath}?${new URLSearchParams({ limit: '100', offset: String(offset), filter, sort })}`,
    headers,
  }))
  return [
    await atRate(`GetCombinedImages, 100 rows, ${calls.length} filters and orders in turn,`, calls, server, {
      perSecond: 100,
      bound: 60,
    }),
  ]
}

async function reports(server: LannerProcess, { reported }: Seeded, headers: Headers): Promise<Row[]> {
  const calls = reported.map(({ repository, tag }) => ({
    path: `/reports?${new URLSearchParams({ repository, tag })}`,
    headers,
  }))
  const firsts: number[] = []
  for (const call of calls) {
    const started = performance.now()
    const answer = await fetch(`${server.url}${call.path}`, { headers })
    const report = (await answer.json()) as Record<string, unknown[] | undefined>
    firsts.push(performance.now() - started)
    checkSize(report)
  }
  return [
    await atRate(
      `/reports of ${calls.length} images with ${reportedImages.packages} packages and ${reportedImages.findings.toLocaleString('en-US')} findings each, in turn,`,
      calls,
      server,
      { perSecond: 20, bound: 100 },
    ),
    {
      what: 'the same, asked for the first time, one after the other',
      figure: milliseconds(median(firsts)),
      against: 'median, with reading the answer; no bound',
    },
  ]
}

function checkSize(report: Record<string, unknown[] | undefined>): void {
  const { Packages: system = [], ApplicationPackages: groups = [], Vulnerabilities: findings = [] } = report
  const libraries = (groups as { libraries: unknown[] }[]).flatMap((group) => group.libraries)
  const packages = system.length + libraries.length
  if (packages !== reportedImages.packages || findings.length !== reportedImages.findings)
    throw new Error(`a report has ${packages} packages and ${findings.length} findings`)
}

const settingsPath = '/installation-tokens/entities/customer-settings/v1'

/** A call with bearer, scope and tenant, in turn with a route that has nothing of it; each in a process of its own. */
async function besideBare(server: LannerProcess, headers: Headers): Promise<Row> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [url] = (await once(child.stdout, 'data')) as [Buffer]
    const rate = async (order: { url: string; path: string }) => {
      const { latencies, failed, example, seconds } = await load({
        url: order.url,
        calls: [{ path: order.path, headers }],
        pace: { connections: 16 },
        seconds: 3,
        warmUp: 1,
        status: 200,
      })
      if (failed > 0) throw new Error(`${order.path}: ${failed} failed, such as ${example}`)
      return latencies.length / seconds
    }
    const pairs: { own: number; bare: number }[] = []
    for (let round = 0; round < 5; round++)
      pairs.push({
        bare: await rate({ url: url.toString(), path: '/bare' }),
        own: await rate({ url: server.url, path: settingsPath }),
      })
    const ratio = median(pairs.map(({ own, bare }) => own / bare))
    const perSecond = (rates: number[]) => Math.round(median(rates)).toLocaleString('en-US')
    return {
      what: 'customer_settings_read with bearer, scope and tenant',
      figure: times(ratio),
      against: `the rate of a bare Fastify route (${perSecond(pairs.map(({ own }) => own))} : ${perSecond(pairs.map(({ bare }) => bare))} a second); at least 0.50x`,
      holds: ratio >= 0.5,
    }
  } finally {
    child.kill()
  }
}
