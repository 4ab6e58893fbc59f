import { median, milliseconds, type Row } from '../measure.ts'
import { digestOf } from './estate.ts'
import type { Seeded } from './seed.ts'
import type { LannerProcess } from './server.ts'

type Headers = Readonly<Record<string, string>>

const running = { clusters: 2, containers: 10_000, images: 2_500 }
const turns = 3

const images = '/container-security/combined/image-assessment/images/v1'
const vulnerabilities = '/container-security/combined/vulnerabilities/v1'

/**
 * Questions that no index answers, one after the other: words, what runs, orders by what is counted. Has two clusters tell
 * of their containers first.
 */
export async function benchQuestions(
  server: LannerProcess,
  seeded: Seeded,
  headers: Headers,
): Promise<readonly Row[]> {
  for (let cluster = 0; cluster < running.clusters; cluster++) await tell(server, headers, cluster)
  const [word = ''] = seeded.repositories[0]?.split('/')[1]?.split('-') ?? []
  const ofImages = [
    `${images}?${query(`repository:~'${word}'`)}`,
    `${images}?${query("registry:~'example'", 'tag|asc')}`,
    `${images}?${query('container_running_status:true', 'first_seen|desc')}`,
    `${images}?${query("cve_id:~'CVE'")}`,
    `/container-security/combined/images/export/v1?${query('', 'containers|desc')}`,
    `/container-security/aggregates/images/count/v1?${query(`repository:~'${word}'`)}`,
  ]
  const ofVulnerabilities = [
    `${vulnerabilities}?${query('containers_impacted_range:>10')}`,
    `${vulnerabilities}?${query('images_impacted_range:>100', 'images_impacted|desc')}`,
    `${vulnerabilities}?${query("repository:*'team-1*'")}`,
    `${vulnerabilities}?${query("description:~'overflow'")}`,
  ]
  const first = await ask(server, ofVulnerabilities[0] ?? '', headers)
  return [
    await asked('lists and counts of images', server, ofImages, headers, ''),
    await asked(
      'lists of vulnerabilities',
      server,
      ofVulnerabilities,
      headers,
      `; ${milliseconds(first)} once, when nothing was counted yet`,
    ),
  ]
}

function query(filter: string, sort = ''): URLSearchParams {
  return new URLSearchParams({ limit: '100', ...(filter ? { filter } : {}), ...(sort ? { sort } : {}) })
}

async function asked(
  what: string,
  server: LannerProcess,
  paths: readonly string[],
  headers: Headers,
  more: string,
): Promise<Row> {
  const took: number[] = []
  for (const path of paths) {
    const times: number[] = []
    for (let turn = 0; turn < turns; turn++) times.push(await ask(server, path, headers))
    took.push(median(times))
  }
  return {
    what: `${what} that no index answers, ${paths.length} one after the other: the longest`,
    figure: milliseconds(Math.max(...took)),
    against: `the shortest ${milliseconds(Math.min(...took))}, medians of ${turns}${more}; no bound`,
  }
}

async function ask({ url }: LannerProcess, path: string, headers: Headers): Promise<number> {
  const started = performance.now()
  const answer = await fetch(`${url}${path}`, { headers })
  const { resources } = (await answer.json()) as { resources?: unknown[] }
  if (answer.status !== 200 || !resources?.length)
    throw new Error(`${path}: ${answer.status}, ${resources?.length} rows`)
  return performance.now() - started
}

/** Some images run often and most of these once or twice. */
async function tell({ url }: LannerProcess, headers: Headers, cluster: number): Promise<void> {
  const containers = Array.from({ length: running.containers }, (_, at) => ({
    container_id: `container ${cluster} ${at}`,
    namespace: `namespace-${at % 40}`,
    pod: `pod-${at >> 1}`,
    image_digest: digestOf(`manifest ${Math.floor(running.images * (at / running.containers) ** 2)}`),
    running: at % 4 !== 0,
  }))
  const answer = await fetch(`${url}/lanner/v1/containers`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ cluster: `cluster-${cluster}`, containers }),
  })
  if (!answer.ok) throw new Error(`a snapshot of containers: ${answer.status} ${await answer.text()}`)
}
