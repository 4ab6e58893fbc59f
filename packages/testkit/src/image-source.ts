import type { Digest } from '@lanner/model'
import type { BuiltImage } from './image.ts'

/**
 * Built images as a source in memory, resolved as `ImageSource` of the oci package wants them. `reads` records the digests
 * of the blobs that were asked for. Use a layout where the resolving itself is tested.
 */
export function imageSource(images: BuiltImage | readonly BuiltImage[], reference = 'test:image') {
  const all: readonly BuiltImage[] = 'blobs' in images ? [images] : images
  const reads: Digest[] = []
  return {
    reference,
    reads,
    async resolve() {
      return { images: all.map((image) => resolved(image, reference)), others: [] }
    },
    async *blob({ digest }: { readonly digest: Digest }, { offset = 0 }: { readonly offset?: number } = {}) {
      reads.push(digest)
      const bytes = all.map((image) => image.blobs.get(digest)).find((found) => found !== undefined)
      if (bytes === undefined) throw new Error(`the test image has no blob ${digest}`)
      yield bytes.subarray(offset)
    },
    async close() {},
  }
}

interface ConfigDocument {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly created?: string
  readonly rootfs: { readonly diff_ids: readonly Digest[] }
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[]
  readonly config: {
    readonly User?: string
    readonly Entrypoint?: readonly string[]
    readonly Cmd?: readonly string[]
    readonly Labels?: Readonly<Record<string, string>>
  }
}

function resolved(image: BuiltImage, reference: string) {
  const manifest = JSON.parse(image.manifest.toString())
  const { os, architecture, variant, created, rootfs, history, config }: ConfigDocument = JSON.parse(
    image.config.toString(),
  )
  return {
    reference,
    manifestDigest: image.digest,
    manifest: { mediaType: manifest.mediaType, config: manifest.config, layers: manifest.layers },
    config: {
      os,
      architecture,
      variant,
      created,
      rootfs: { diffIds: rootfs.diff_ids },
      history: history.map((each) => ({ createdBy: each.created_by, emptyLayer: each.empty_layer })),
      config: {
        user: config.User,
        entrypoint: config.Entrypoint,
        command: config.Cmd,
        labels: config.Labels ?? {},
      },
    },
  }
}
