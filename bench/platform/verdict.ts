import type { Row } from '../measure.ts'
import { milliseconds } from '../measure.ts'
import { type Call, load, percentile } from './load.ts'
import type { LannerProcess } from './server.ts'

type Headers = Readonly<Record<string, string>>

const clients = 50
const bounds = { p99: 50, perSecond: 2000 }

interface KnownImage {
  readonly repository: string
  readonly tag: string
  readonly image_digest: string
}

/**
 * Verdicts of known images, as pipelines and clusters ask for them: with a bearer token, 50 clients that each ask one after
 * the other. Puts policies and exclusions in first, and takes them away after.
 */
export async function benchVerdicts(
  server: LannerProcess,
  headers: Headers,
  seconds = 15,
): Promise<readonly Row[]> {
  const policies = await putPolicies(server, headers)
  try {
    const images = await knownImages(server, headers)
    const verdicts = images.map(({ repository, image_digest: digest }) => ({
      path: `/lanner/v1/verdict?${new URLSearchParams({ repository, digest })}`,
      headers,
    }))
    const checks = images.map(({ repository, tag }) => ({
      path: `/policy-checks?${new URLSearchParams({ repository, tag })}`,
      headers,
    }))
    const denied = await warm(server, verdicts, headers)
    const what = `of ${images.length} known images, ${denied} of them denied, ${clients} clients`
    return [
      ...(await asked(`GetVerdict by digest ${what}`, verdicts, server, seconds)),
      ...(await asked(`/policy-checks ${what}`, checks, server, seconds)),
    ]
  } finally {
    for (const id of policies) await send(server, headers, 'DELETE', `${policiesPath}?id=${id}`)
    await send(server, headers, 'POST', exclusionsPath, { conditions: [] })
  }
}

async function asked(
  what: string,
  calls: readonly Call[],
  { url }: LannerProcess,
  seconds: number,
): Promise<readonly Row[]> {
  const result = await load({ url, calls, pace: { connections: clients }, seconds, warmUp: 3, status: 200 })
  if (result.failed > 0) throw new Error(`${what}: ${result.failed} failed, such as ${result.example}`)
  const { latencies } = result
  const worst = percentile(latencies, 0.99)
  const rate = latencies.length / result.seconds
  const size = (result.bytes / latencies.length / 1000).toFixed(1)
  return [
    {
      what: `${what}, p99`,
      figure: milliseconds(worst),
      against: `median ${milliseconds(percentile(latencies, 0.5))}, ${size} kB each; at most ${bounds.p99} ms`,
      holds: worst <= bounds.p99,
    },
    {
      what: 'the same, answers a second',
      figure: `${Math.round(rate).toLocaleString('en-US')} a second`,
      against: `server, database and clients on one machine; at least ${bounds.perSecond.toLocaleString('en-US')}`,
      holds: rate >= bounds.perSecond,
    },
  ]
}

/** Asks for each once, so that it is known; gives how many are denied. */
async function warm({ url }: LannerProcess, calls: readonly Call[], headers: Headers): Promise<number> {
  let denied = 0
  for (const { path } of calls) {
    const answer = await fetch(`${url}${path}`, { headers })
    const { resources } = (await answer.json()) as { resources: { state: string; deny: boolean | null }[] }
    if (!answer.ok || resources[0].deny === null) throw new Error(`${path}: ${JSON.stringify(resources[0])}`)
    if (resources[0].deny) denied++
  }
  return denied
}

async function knownImages(server: LannerProcess, headers: Headers): Promise<readonly KnownImage[]> {
  const query = new URLSearchParams({ limit: '100', sort: 'first_seen|desc' })
  const path = `/container-security/combined/image-assessment/images/v1?${query}`
  return (await send<KnownImage>(server, headers, 'GET', path)).filter(({ tag }) => tag !== '')
}

const policiesPath = '/container-security/entities/image-assessment-policies/v1'
const exclusionsPath = '/container-security/entities/image-assessment-policy-exclusions/v1'

/** Three policies of some rules each, such as people have, and a hundred exclusions. */
async function putPolicies(server: LannerProcess, headers: Headers): Promise<readonly string[]> {
  const rules = {
    Exploited: [{ prop: 'exploited', value: true }],
    Fixable: [
      { prop: 'severity', value: 'critical' },
      { prop: 'fix_available', value: true },
      { prop: 'epss', op: 'gte', value: 0.9 },
    ],
    Everything: [{ prop: 'severity', value: 'critical' }],
  }
  const ids: string[] = []
  for (const [name, conditions] of Object.entries(rules)) {
    const [{ policy_id: id }] = await send<{ policy_id: string }>(server, headers, 'POST', policiesPath, {
      name,
    })
    const action = name === 'Everything' ? 'alert' : 'block'
    await send(server, headers, 'PATCH', `${policiesPath}?id=${id}`, {
      is_enabled: true,
      policy_data: { rules: [{ action, policy_rules_data: { conditions } }] },
    })
    ids.push(id)
  }
  const conditions = Array.from({ length: 100 }, (_, at) => ({
    prop: 'cve',
    value: [`CVE-${2014 + (at % 12)}-${10_000 + at * 60}`],
    description: 'not reachable',
    ttl: 604_800,
  }))
  await send(server, headers, 'POST', exclusionsPath, { conditions })
  return ids
}

async function send<Resource>(
  { url }: LannerProcess,
  headers: Headers,
  method: string,
  path: string,
  body?: unknown,
): Promise<readonly Resource[]> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
  return (JSON.parse(text) as { resources: readonly Resource[] }).resources
}
