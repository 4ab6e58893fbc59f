import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { Digest } from '../packages/model/src/index.ts'
import { defaultLayerLimits, readLayer } from '../packages/oci/src/layer/read-layer.ts'
import { TarWalker } from '../packages/oci/src/layer/tar-walker.ts'
import type { BenchImage } from './image.ts'
import { megabytes, paired, type Row, times } from './measure.ts'
import { inflateAndHash } from './scan.ts'

const nobody = { entry: () => undefined }

async function readOnly(image: BenchImage): Promise<void> {
  await readLayer(createReadStream(image.blob, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>, {
    digest: image.digest as Digest,
    size: image.size,
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    visitor: nobody,
  })
}

/** The first bytes of the inflated layer, in the chunks that an inflater gives. */
async function inflatedChunks(path: string, limit: number): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  let size = 0
  const gunzip = createReadStream(path, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 1 << 20 }))
  for await (const chunk of gunzip) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= limit) break
  }
  gunzip.destroy()
  return chunks
}

export async function benchLayer(image: BenchImage): Promise<Row[]> {
  const whole = await paired(
    5,
    () => readOnly(image),
    () => inflateAndHash(image.blob),
  )
  const chunks = await inflatedChunks(image.blob, 192e6)
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const walk = await paired(
    9,
    () => {
      const walker = new TarWalker(nobody, defaultLayerLimits)
      for (const chunk of chunks) walker.push(chunk)
    },
    () => {
      const hash = createHash('sha256')
      for (const chunk of chunks) hash.update(chunk)
      hash.digest()
    },
  )
  return [
    {
      what: 'inflate, both digests and the tar walk',
      figure: times(whole.ratio),
      against: 'inflate and both digests alone',
    },
    {
      what: `tar walk of ${megabytes(size)}`,
      figure: times(walk.ratio),
      against: `SHA-256 of the same bytes (${Math.round(size / 1e3 / walk.first)} MB/s : ${Math.round(size / 1e3 / walk.second)} MB/s)`,
    },
  ]
}
