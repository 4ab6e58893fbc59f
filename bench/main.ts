/**
 * `npm run bench [-- WORD …]`: measures, prints, and writes bench/results.md when everything was measured. Words choose
 * parts: scan, peer, layer, extractors, store, versions, policy, queue, platform, huge. `LANNER_TEST_DATA` names the folder
 * whose `advisories/` the store is made of.
 */
import { writeFileSync } from 'node:fs'
import { cpus, release, type as systemName, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchExtractors } from './extractors.ts'
import { benchHuge } from './huge.ts'
import { benchImage } from './image.ts'
import { benchLayer } from './layer.ts'
import type { Row } from './measure.ts'
import { benchPeer } from './peer.ts'
import { benchPlatform } from './platform/platform.ts'
import { benchPolicy } from './policy.ts'
import { benchQueue } from './queue.ts'
import { benchScan } from './scan.ts'
import { benchStore } from './store.ts'
import { benchVersions } from './versions.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, '.cache', 'bench')
const words = process.argv.slice(2)
const chosen = (name: string) => words.length === 0 || words.includes(name)
const data = process.env['LANNER_TEST_DATA']

const parts: [title: string, rows: Row[]][] = []
const missing: string[] = []

async function part(
  name: string,
  title: string,
  run: () => Promise<Row[] | undefined> | undefined,
): Promise<void> {
  if (!chosen(name)) return
  const rows = await run()
  if (rows === undefined) {
    missing.push(title)
    return
  }
  parts.push([title, rows])
  process.stdout.write(`\n${title}\n`)
  for (const { what, figure, against, holds } of rows) {
    process.stdout.write(
      `  ${holds === false ? 'MISSED ' : holds ? 'met    ' : '       '}${what}: ${figure} (${against})\n`,
    )
  }
}

const needsImage = ['scan', 'peer', 'layer', 'extractors'].some(chosen)
const image = needsImage ? await benchImage(folder) : undefined
await part('scan', 'Whole scan', () => image && benchScan(image))
await part('peer', 'Beside another scanner', () => image && benchPeer(image))
await part('layer', 'Layers', () => image && benchLayer(image))
await part('extractors', 'Extractors', () => image && benchExtractors(image))
await part('store', 'Advisories and matching', () =>
  data ? benchStore(join(data, 'advisories')) : undefined,
)
await part('versions', 'Version order', () => benchVersions())
await part('policy', 'Policies', () => benchPolicy())
await part('queue', 'Jobs', () => benchQueue())
await part('platform', 'The platform', () => benchPlatform(folder))
await part('huge', 'A very large layer', () => benchHuge(folder))
if (missing.length > 0) process.stdout.write(`\nnot measured on this machine: ${missing.join(', ')}\n`)

if (words.length === 0 && missing.length === 0) {
  const mark = ({ holds }: Row) => (holds === undefined ? '' : holds ? 'yes' : '**no**')
  const page = [
    '# Results',
    '',
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`npm run bench\`: ${cpus().length} cores of ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${systemName()} ${release()}, Node ${process.version}.`,
    'Ratios are medians of pairs that ran in turn in the same process; read them rather than the absolute times.',
    '',
    ...parts.flatMap(([title, rows]) => [
      `## ${title}`,
      '',
      '| what | figure | against | within |',
      '|---|---|---|---|',
      ...rows.map((row) => `| ${row.what} | ${row.figure} | ${row.against} | ${mark(row)} |`),
      '',
    ]),
  ].join('\n')
  writeFileSync(join(root, 'bench', 'results.md'), page)
  process.stdout.write('\nwritten: bench/results.md\n')
}
process.exitCode = parts.some(([, rows]) => rows.some(({ holds }) => holds === false)) ? 1 : 0
