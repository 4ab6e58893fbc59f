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

/** Wall time of one whole process of Node, in milliseconds. A scan without advisories ends with 3 and is well. */
function processTime(list: readonly string[], env: NodeJS.ProcessEnv): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, list, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const took = performance.now() - started
  if (status !== 0 && status !== 3) throw new Error(`${list.join(' ')}: ${status} ${stderr}`)
  return took
}

/** Command lines of Node as whole processes that run in turn: what each takes, and takes more than the first of its turn. */
function processTimes(
  rounds: number,
  lines: readonly (readonly string[])[],
  environment: NodeJS.ProcessEnv,
): { readonly took: number; readonly more: number }[] {
  for (const line of lines) processTime(line, environment)
  const turns = Array.from({ length: rounds }, () => lines.map((line) => processTime(line, environment)))
  return lines.map((_, at) => ({
    took: median(turns.map((turn) => turn[at])),
    more: median(turns.map((turn) => turn[at] - turn[0])),
  }))
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
    const environment = { ...process.env, LANNER_CACHE_DIR: folder, LANNER_ADVISORIES: join(folder, 'none') }
    const subject = `oci:${image.layout}`
    const [node, version, inventory, plain, help] = processTimes(
      21,
      [
        ['--eval', '0'],
        [launcher, '--version'],
        [launcher, 'scan', '--inventory', '--quiet', subject],
        [launcher, 'scan', subject],
        [launcher, '--help'],
      ],
      environment,
    )
    const above = ({ more }: { more: number }): Pick<Row, 'figure' | 'against' | 'holds'> => ({
      figure: milliseconds(more - version.more),
      against: `above \`lanner --version\` (${milliseconds(version.took)}), at most 50 ms; ${milliseconds(more)} above a bare node (${milliseconds(node.took)})`,
      holds: more - version.more <= 50,
    })
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
      { what: 'warm scan, all layers known: every package listed (`scan --inventory`)', ...above(inventory) },
      { what: 'warm scan, all layers known: no advisories, packages counted (`scan`)', ...above(plain) },
      {
        what: '`lanner --help`',
        figure: milliseconds(help.more),
        against: `above a bare node (${milliseconds(node.took)}); at most 150 ms`,
        holds: help.more <= 150,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
