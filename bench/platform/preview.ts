import { megabytes, milliseconds, type Row } from '../measure.ts'
import { load, percentile } from './load.ts'
import type { Seeded } from './seed.ts'
import type { LannerProcess } from './server.ts'

type Headers = Readonly<Record<string, string>>

const bound = 20_000
/** Milliseconds for the 99th percentile of lists that are asked for while a preview runs. */
const meanwhile = 250

interface Preview {
  readonly images: number
  readonly flipped: number
  readonly denied: { readonly before: number; readonly after: number }
}

/** What would change over all images: by one policy where there was none, and by one rule of very many. */
export async function benchPreviews(
  server: LannerProcess,
  seeded: Seeded,
  images: number,
  headers: Headers,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  const measure = async (what: string, document: object) => {
    const started = performance.now()
    const watching = watchMemory(server)
    const { denied, flipped, ...preview } = await ask<Preview>(server, headers, 'POST', 'preview', document)
    const took = performance.now() - started
    const grown = watching.stop()
    if (preview.images !== images || flipped === 0)
      throw new Error(`${what}: ${preview.images} images, ${flipped} of them would turn`)
    const turned = `${flipped.toLocaleString('en-US')} would turn, ${denied.after.toLocaleString('en-US')} be denied`
    rows.push({
      what: `${what} previewed over ${images.toLocaleString('en-US')} images`,
      figure: milliseconds(took),
      against: `${turned}; the server grew by ${megabytes(grown)}; at most ${bound / 1000} s`,
      holds: took <= bound,
    })
  }
  await measure('one new policy', { policies: [{ name: 'Only', rules: [severe('critical')] }] })
  try {
    await ask(server, headers, 'PUT', 'document', manyRules(seeded, 'critical'))
    await measure('another rule and exclusion among 200 and 1,000', manyRules(seeded, 'high'))
    rows.push(await listsMeanwhile(server, seeded, headers))
  } finally {
    await ask(server, headers, 'PUT', 'document', { policies: [], groups: [], exclusions: [] })
  }
  return rows
}

/** How long others wait while all images are judged. */
async function listsMeanwhile(server: LannerProcess, seeded: Seeded, headers: Headers): Promise<Row> {
  const calls = seeded.repositories.slice(0, 20).map((repository) => ({
    path: `/container-security/combined/image-assessment/images/v1?${new URLSearchParams({
      limit: '100',
      filter: `repository:'${repository}'`,
    })}`,
    headers,
  }))
  const lists = () =>
    load({
      url: server.url,
      calls,
      pace: { perSecond: 50 },
      seconds: 5,
      warmUp: 0,
      status: 200,
    })
  await lists()
  const preview = ask(server, headers, 'POST', 'preview', manyRules(seeded, 'high'))
  const { latencies, failed, example } = await lists()
  await preview
  if (failed > 0) throw new Error(`${failed} lists failed, such as ${example}`)
  const worst = percentile(latencies, 0.99)
  return {
    what: 'GetCombinedImages at 50 a second while a preview runs, p99',
    figure: milliseconds(worst),
    against: `median ${milliseconds(percentile(latencies, 0.5))}; at most ${meanwhile} ms`,
    holds: worst <= meanwhile,
  }
}

function severe(severity: string) {
  return {
    action: 'block',
    conditions: [
      { prop: 'severity', op: 'gte', value: severity },
      { prop: 'exploited', value: true },
      { prop: 'fix_available', value: true },
    ],
  }
}

/** Twenty policies with ten rules each, half of them for some teams only, and a thousand exclusions. */
function manyRules({ vulnerabilities }: Seeded, last: string): object {
  const policies = Array.from({ length: 20 }, (_, place) => ({
    name: `policy ${place}`,
    groups:
      place % 2 === 0
        ? []
        : [{ name: `group ${place}`, conditions: [{ prop: 'repository', value: `team-${place}/*` }] }],
    rules: [
      ...Array.from({ length: 3 }, (_, rule) => ({
        action: 'block',
        conditions: [
          { prop: 'cvss_score', op: 'gte', value: 9.9 },
          { prop: 'epss', op: 'gte', value: 0.98 + rule / 1000 },
          { prop: 'package', value: `lib${place}${rule}*` },
        ],
      })),
      ...Array.from({ length: 3 }, (_, rule) => ({
        action: 'block',
        conditions: [
          { prop: 'severity', op: 'gte', value: 'critical' },
          { prop: 'published_days', op: 'lt', value: place * 3 + rule },
        ],
      })),
      ...Array.from({ length: 3 }, (_, rule) => ({
        action: 'alert',
        conditions: [
          { prop: 'cve', op: 'in', value: vulnerabilities.slice(-100 + place * 4 + rule).slice(0, 2) },
          { prop: 'severity', op: 'gte', value: 'critical' },
        ],
      })),
      place === 19
        ? severe(last)
        : { action: 'block', conditions: [{ prop: 'license', value: `none ${place}` }] },
    ],
  }))
  const excluded = vulnerabilities.slice(0, last === 'high' ? 1001 : 1000)
  return {
    version: 1,
    policies,
    exclusions: excluded.map((cve) => ({ prop: 'cve', value: cve, description: 'not reachable' })),
  }
}

async function ask<Answer>(
  { url }: LannerProcess,
  headers: Headers,
  method: string,
  path: string,
  document: object,
): Promise<Answer> {
  const answer = await fetch(`${url}/lanner/v1/policies/${path}`, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ document }),
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`)
  return (JSON.parse(text) as { resources: [Answer] }).resources[0]
}

/** How far the resident memory of a server rises. */
function watchMemory(server: LannerProcess): { stop(): number } {
  const before = server.memory()
  let most = before
  const timer = setInterval(() => (most = Math.max(most, server.memory())), 50)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(most, server.memory()) - before
    },
  }
}
