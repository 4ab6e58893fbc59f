import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, digestAlgorithm, isDigest } from '@lanner/model'
import type { Composition } from './compose.ts'
import type { Place } from './use-cases/content-fault.ts'

/** Where the demo image lands. */
const demoImage = { repository: 'demo/shop', tag: '1.0' } as const

/**
 * Imports the advisories of a demo folder, unless there are any, and pushes its image the way a client would: blobs first,
 * then the manifest under its tag. Pushing it again changes nothing.
 */
export async function pushDemo(
  { services, registry, shelf }: Composition,
  cid: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (shelf.reader === undefined) {
    await services.advisories.importFrom(join(folder, 'advisories'), { signal, onProgress: () => {} })
  }
  const layout = join(folder, 'image')
  const place: Place = { cid, repository: demoImage.repository }
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as Index
  for (const { digest, mediaType } of index.manifests) {
    const content = await readFile(blobPath(layout, digest))
    const { config, layers } = JSON.parse(content.toString()) as Manifest
    for (const blob of [config, ...layers]) await pushBlob(registry, place, layout, blob.digest)
    await registry.manifests.put(place, demoImage.tag, { content, mediaType })
  }
}

interface Named {
  readonly digest: string
  readonly mediaType: string
}

interface Index {
  readonly manifests: readonly Named[]
}

interface Manifest {
  readonly config: Named
  readonly layers: readonly Named[]
}

async function pushBlob(
  { blobs, uploads }: Composition['registry'],
  place: Place,
  layout: string,
  digest: string,
): Promise<void> {
  const wanted = digestOf(digest)
  const there = await blobs.size(place, wanted).then(
    () => true,
    () => false,
  )
  if (there) return
  const upload = await uploads.begin(place)
  await uploads.finish(place, upload, wanted, { bytes: createReadStream(blobPath(layout, digest)) })
}

function blobPath(layout: string, digest: string): string {
  const wanted = digestOf(digest)
  return join(layout, 'blobs', digestAlgorithm(wanted), wanted.slice(wanted.indexOf(':') + 1))
}

function digestOf(text: string): Digest {
  if (!isDigest(text)) throw new Error(`the demo image names ${text}, which is no digest`)
  return text
}
