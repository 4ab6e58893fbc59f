import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { tarHeader } from '../packages/testkit/src/index.ts'
import { writeDocuments } from './image.ts'
import { megabytes, type Row } from './measure.ts'

const fileSize = 200 * 1024 * 1024
const files = 52

/**
 * A layer of 10 GB: files of pseudo-random blocks that compress about hundredfold, every fourth of them an executable to
 * look at, every eighth named like an archive, of the largest size that is kept whole.
 */
async function makeHugeLayout(layout: string): Promise<void> {
  const blobs = join(layout, 'blobs', 'sha256')
  mkdirSync(blobs, { recursive: true })
  const inflated = createHash('sha256')
  const stored = createHash('sha256')
  const gzip = createGzip({ level: 1, chunkSize: 1 << 20 })
  const target = createWriteStream(join(layout, 'layer.tmp'))
  gzip.on('data', (chunk: Buffer) => stored.update(chunk))
  gzip.pipe(target)
  const put = async (chunk: Buffer): Promise<void> => {
    inflated.update(chunk)
    if (!gzip.write(chunk)) await new Promise((done) => gzip.once('drain', done))
  }
  const block = Buffer.alloc(1 << 20)
  for (let at = 0; at < block.length; at += 4)
    block.writeUInt32LE(Math.imul((at >> 12) + 1, 2654435761) >>> 0, at)
  for (let index = 0; index < files; index++) {
    const name = index % 8 === 1 ? `opt/data/${index}.jar` : `opt/data/file-${index}`
    await put(tarHeader(name, '0', fileSize, 0o755))
    const first = Buffer.from(block)
    if (index % 4 === 0) Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]).copy(first)
    await put(first)
    for (let done = block.length; done < fileSize; done += block.length) await put(block)
  }
  await put(Buffer.alloc(1024))
  await new Promise<void>((done, fail) => {
    target.on('finish', () => done()).on('error', fail)
    gzip.end()
  })
  const digest = stored.digest('hex')
  renameSync(join(layout, 'layer.tmp'), join(blobs, digest))
  writeDocuments(layout, { digest, diffId: inflated.digest('hex'), size: statSync(join(blobs, digest)).size })
}

/** Peak memory and temporary bytes while a 10 GB layer is scanned by the command itself. */
export async function benchHuge(folder: string): Promise<Row[]> {
  const layout = join(folder, 'huge')
  if (!existsSync(join(layout, 'oci-layout'))) {
    process.stdout.write('building a layer of 10 GB\n')
    rmSync(layout, { recursive: true, force: true })
    await makeHugeLayout(layout)
  }
  const temporary = mkdtempSync(join(tmpdir(), 'lanner-bench-'))
  try {
    const script = `
      const { assess, openSource } = await import(${JSON.stringify(new URL('../packages/assessment/src/index.ts', import.meta.url).href)})
      const source = await openSource(${JSON.stringify(`oci:${layout}`)}, { version: 'bench', offline: true })
      const { reports } = await assess(source, { version: 'bench' })
      process.stdout.write(JSON.stringify([process.resourceUsage().maxRSS * 1024, reports[0].image.layers[0].inflatedSize]))`
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        encoding: 'utf8',
        env: { ...process.env, TMPDIR: temporary },
      },
    )
    if (status !== 0) throw new Error(stderr)
    const [peak, inflated] = JSON.parse(stdout) as [number, number]
    const left = readdirSync(temporary, { recursive: true, withFileTypes: true }).length
    return [
      {
        what: `peak memory of scanning a layer of ${megabytes(inflated)}, its files as large as what is kept whole at most (200 MiB)`,
        figure: megabytes(peak),
        against: 'at most 350 MB; no temporary file is made',
        holds: peak <= 350e6 && left === 0,
      },
    ]
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
