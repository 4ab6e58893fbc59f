import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { assess, openSource } from '../packages/assessment/src/index.ts'
import type { BenchImage } from './image.ts'
import { median, megabytes, milliseconds, paired, type Row, times } from './measure.ts'
import { runProcess } from './process.ts'

const launcher = join(import.meta.dirname, '..', 'apps', 'cli', 'bin', 'lanner.cjs')

/** The physical limit: inflate a blob and hash what is stored and what was inflated, as fast as the public API allows. */
export async function inflateAndHash(path: string): Promise<number> {
  const stored = createHash('sha256')
  const inflated = createHash('sha256')
  const gunzip = createGunzip({ chunkSize: 1 << 20 })
  const source = createReadStream(path, { highWaterMark: 1 << 20 })
  source.on('data', (chunk) => stored.update(chunk))
  source.pipe(gunzip)
  let size = 0
  for await (const chunk of gunzip) {
    inflated.update(chunk)
    size += chunk.length
  }
  stored.digest()
  inflated.digest()
  return size
}

/** The inventory of an image, every layer read. */
async function coldScan(layout: string): Promise<number> {
  const source = await openSource(`oci:${layout}`, { version: 'bench', offline: true })
  try {
    const { reports } = await assess(source, { version: 'bench' })
    return reports[0].packages.length
  } finally {
    await source.close()
  }
}

/** Wall time of whole processes of the command, in milliseconds, in turn with another command line of Node. */
function processTimes(
  rounds: number,
  args: readonly string[],
  other: readonly string[],
  environment: NodeJS.ProcessEnv,
): { readonly ours: number; readonly other: number } {
  const run = (list: readonly string[]) => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, list, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`${list.join(' ')}: ${status} ${stderr}`)
    return performance.now() - started
  }
  const ours: number[] = []
  const others: number[] = []
  run([launcher, ...args])
  for (let round = 0; round < rounds; round++) {
    ours.push(run([launcher, ...args]))
    others.push(run(other))
  }
  return { ours: median(ours), other: median(others) }
}

export async function benchScan(image: BenchImage): Promise<Row[]> {
  const cold = await paired(
    5,
    () => coldScan(image.layout),
    () => inflateAndHash(image.blob),
  )
  const bytes = await inflateAndHash(image.blob)
  const folder = mkdtempSync(join(tmpdir(), 'lanner-bench-'))
  try {
    const { peak } = await runProcess(process.execPath, [
      ...[launcher, 'scan', '--inventory', '--no-cache', '-q'],
      ...['-o', join(folder, 'out.txt'), `oci:${image.layout}`],
    ])
    const limit = `const { inflateAndHash } = await import(${JSON.stringify(import.meta.url)}); await inflateAndHash(${JSON.stringify(image.blob)})`
    const { peak: floor } = await runProcess(process.execPath, ['--input-type=module', '--eval', limit])
    const environment = { ...process.env, LANNER_CACHE_DIR: folder }
    const scan = ['scan', '--inventory', '--quiet', `oci:${image.layout}`]
    const warm = processTimes(15, scan, [launcher, 'scan', '--help'], environment)
    const help = processTimes(9, ['--help'], ['--eval', '0'], environment)
    return [
      {
        what: `cold scan of a Debian image (${megabytes(image.size)}, ${megabytes(bytes)} inflated)`,
        figure: times(cold.ratio),
        against: `${milliseconds(cold.first)} : ${milliseconds(cold.second)} to inflate and hash the same blob; at most 1.35x`,
        holds: cold.ratio <= 1.35,
      },
      {
        what: 'peak memory of the cold scan',
        figure: megabytes(peak),
        against: `${megabytes(floor)} to inflate and hash; at most 200 MB`,
        holds: peak <= 200e6,
      },
      {
        what: 'warm scan (inventory, all layers known)',
        figure: milliseconds(warm.ours - warm.other),
        against: `above the start of the same command (\`lanner scan --help\`, ${milliseconds(warm.other)}); at most 50 ms`,
        holds: warm.ours - warm.other <= 50,
      },
      {
        what: '`lanner --help`',
        figure: milliseconds(help.ours - help.other),
        against: `above a bare node (${milliseconds(help.other)}); at most 150 ms`,
        holds: help.ours - help.other <= 150,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
