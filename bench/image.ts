import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

const packages = 'python3,openssl,curl,nginx,nodejs,npm'

export interface BenchImage {
  /** OCI layout folder with the tag `bench`. */
  readonly layout: string
  /** The one layer's blob. */
  readonly blob: string
  readonly digest: string
  readonly size: number
}

/** Makes an OCI layout of one gzip layer from a tar: what `docker build` would have pushed, without Docker. */
export async function layoutFromTar(tar: string, layout: string): Promise<void> {
  const blobs = join(layout, 'blobs', 'sha256')
  mkdirSync(blobs, { recursive: true })
  const packed = join(layout, 'layer.tmp')
  await pipeline(
    createReadStream(tar, { highWaterMark: 1 << 20 }),
    createGzip({ level: 6, chunkSize: 1 << 20 }),
    createWriteStream(packed),
  )
  const [diffId, digest] = await Promise.all([hashFile(tar), hashFile(packed)])
  renameSync(packed, join(blobs, digest))
  writeDocuments(layout, { digest, diffId, size: statSync(join(blobs, digest)).size })
}

/** Writes the config, manifest and index of an image of one gzip layer whose blob lies in the layout already. */
export function writeDocuments(
  layout: string,
  layer: { readonly digest: string; readonly diffId: string; readonly size: number },
): void {
  const put = (document: unknown) => {
    const text = JSON.stringify(document)
    const hex = createHash('sha256').update(text).digest('hex')
    writeFileSync(join(layout, 'blobs', 'sha256', hex), text)
    return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) }
  }
  const oci = 'application/vnd.oci.image'
  const config = put({
    os: 'linux',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.diffId}`] },
    history: [{ created_by: 'one layer' }],
  })
  const manifest = put({
    schemaVersion: 2,
    mediaType: `${oci}.manifest.v1+json`,
    config: { mediaType: `${oci}.config.v1+json`, ...config },
    layers: [{ mediaType: `${oci}.layer.v1.tar+gzip`, digest: `sha256:${layer.digest}`, size: layer.size }],
  })
  const entry = {
    mediaType: `${oci}.manifest.v1+json`,
    ...manifest,
    annotations: { 'org.opencontainers.image.ref.name': 'bench' },
  }
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }))
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

/**
 * A real Debian image of about 440 MB in one gzip layer, made by mmdebstrap and kept in `folder`. Undefined, with the
 * reason told, where the machine has no mmdebstrap or may not run it.
 */
export async function benchImage(folder: string): Promise<BenchImage | undefined> {
  const layout = join(folder, 'debian')
  if (!existsSync(join(layout, 'oci-layout'))) {
    if (spawnSync('mmdebstrap', ['--version']).error) {
      process.stdout.write(
        'no mmdebstrap on this machine (Debian: apt-get install mmdebstrap): the image is not measured\n',
      )
      return undefined
    }
    mkdirSync(folder, { recursive: true })
    const tar = join(folder, 'rootfs.tar')
    process.stdout.write(`building a Debian image with mmdebstrap (${packages})\n`)
    execFileSync(
      'mmdebstrap',
      [
        '--variant=minbase',
        '--mode=root',
        '--skip=check/empty',
        '--quiet',
        `--include=${packages}`,
        'bookworm',
        tar,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    const making = `${layout}.making`
    rmSync(making, { recursive: true, force: true })
    await layoutFromTar(tar, making)
    rmSync(tar)
    renameSync(making, layout)
  }
  const blobs = join(layout, 'blobs', 'sha256')
  const [name, size] = readdirSync(blobs)
    .map((entry) => [entry, statSync(join(blobs, entry)).size] as const)
    .sort((a, b) => b[1] - a[1])[0]
  return { layout, blob: join(blobs, name), digest: `sha256:${name}`, size }
}
