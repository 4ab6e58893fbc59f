import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { assess, extractorRevision, FolderLayerCache, openSource } from '../packages/assessment/src/index.ts'
import type { BenchImage } from './image.ts'
import { median, megabytes, milliseconds, paired, type Row, times } from './measure.ts'
import { runProcess } from './process.ts'

const launcher = join(import.meta.dirname, '..', 'apps', 'cli', 'bin', 'lanner.mjs')

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

/** Wall time of whole processes of the command, in milliseconds, in turn with a bare Node. */
function processTimes(
  rounds: number,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): { ours: number; bare: number } {
  const run = (list: readonly string[]) => {
    const started = performance.now()
    const { status, stderr } = spawnSync(process.execPath, list, { env: environment })
    if (status !== 0) throw new Error(`${list.join(' ')}: ${status} ${stderr}`)
    return performance.now() - started
  }
  const ours: number[] = []
  const bare: number[] = []
  run([launcher, ...args])
  for (let round = 0; round < rounds; round++) {
    ours.push(run([launcher, ...args]))
    bare.push(run(['--eval', '0']))
  }
  return { ours: median(ours), bare: median(bare) }
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
    const cache = new FolderLayerCache(folder, extractorRevision())
    const source = await openSource(`oci:${image.layout}`, { version: 'bench', offline: true })
    await assess(source, { version: 'bench', cache })
    await source.close()
    const environment = { ...process.env, LANNER_CACHE_DIR: folder }
    const warm = processTimes(
      9,
      [
        'scan',
        '--inventory',
        '--quiet',
        '--format',
        'json',
        '--output',
        join(folder, 'out.json'),
        `oci:${image.layout}`,
      ],
      environment,
    )
    const start = processTimes(9, ['--version'], environment)
    const help = processTimes(9, ['--help'], environment)
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
        figure: milliseconds(warm.ours - start.ours),
        against: 'above `lanner --version`; at most 50 ms',
        holds: warm.ours - start.ours <= 50,
      },
      {
        what: '`lanner --help`',
        figure: milliseconds(help.ours - help.bare),
        against: `above a bare node (${milliseconds(help.bare)}); at most 150 ms`,
        holds: help.ours - help.bare <= 150,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
