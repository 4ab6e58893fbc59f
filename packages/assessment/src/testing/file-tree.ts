import { createHash } from 'node:crypto'
import { defineExtractor, type Extractor } from '@lanner/extractors'
import type { Digest, Report } from '@lanner/model'
import type { KnownLayer, LayerCache } from '../layer-cache.ts'

const MiB = 1024 * 1024

/** Wants every regular file, and yields it as a package: its path the name, size and sha256 the version. */
export const everyFile: Extractor = defineExtractor({
  id: 'test/every-file',
  revision: 1,
  finds: 'every file',
  wants: { paths: ['**/*'] },
  maxBytes: 8 * MiB,
  *extract(file) {
    const hash = createHash('sha256').update(file.bytes.slice(0)).digest('hex')
    yield {
      kind: 'package',
      type: 'generic',
      name: file.path,
      version: `${file.size} ${hash.slice(0, 16)}`,
      confidence: 'declared',
    }
  },
})

/** Keeps what was read of each layer, so that a test can look at it. */
export class MemoryLayerCache implements LayerCache {
  readonly layers = new Map<Digest, KnownLayer>()

  async get(digest: Digest): Promise<KnownLayer | undefined> {
    return this.layers.get(digest)
  }

  async put(layer: KnownLayer): Promise<void> {
    this.layers.set(layer.reading.digest, layer)
  }
}

/** The regular files that a report of `everyFile` shows, hard links included, with their size and hash. */
export function filesOf(report: Report): ReadonlyMap<string, string> {
  return new Map(
    report.packages.flatMap(({ version, locations }) =>
      locations.map(({ path }) => [path, version] as const),
    ),
  )
}

/**
 * Every path of the image by a second merge, written from the specification alone and without regard to speed: folders
 * end in a slash. https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets
 */
export function pathsOf(report: Report, cache: MemoryLayerCache): readonly string[] {
  let paths = new Set<string>()
  const keep = (wanted: (path: string) => boolean) => {
    paths = new Set([...paths].filter(wanted))
  }
  for (const { digest } of report.image?.layers ?? []) {
    const layer = cache.layers.get(digest)
    if (!layer) throw new Error(`layer ${digest} was not read`)
    const { whiteouts, opaque, names } = layer.inventory
    for (const gone of whiteouts) keep((path) => path !== gone && !path.startsWith(`${gone}/`))
    for (const folder of opaque)
      keep((path) => path === `${folder}/` || !path.startsWith(folder && `${folder}/`))
    for (const name of names) {
      if (name.endsWith('/')) paths.delete(name.slice(0, -1))
      else keep((path) => !path.startsWith(`${name}/`))
      paths.add(name)
    }
  }
  return [...paths].sort()
}
