import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { BuiltImage, BuiltIndex } from './image.ts'
import { type TarMember, tar } from './tar.ts'

/** An image or index with the `org.opencontainers.image.ref.name` it is listed under. */
export type LayoutEntry =
  | BuiltImage
  | BuiltIndex
  | { readonly image: BuiltImage | BuiltIndex; readonly tag: string }

/** The files of an OCI layout, by name. https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export function layoutFiles(
  entries: readonly LayoutEntry[],
  options: { readonly tag?: string } = {},
): Map<string, Buffer> {
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]])
  const manifests = entries.map((entry) => {
    const [built, tag] = 'image' in entry ? [entry.image, entry.tag] : [entry, options.tag]
    for (const [digest, bytes] of built.blobs) files.set(`blobs/${digest.replace(':', '/')}`, bytes)
    if (tag === undefined) return built.descriptor
    return { ...built.descriptor, annotations: { 'org.opencontainers.image.ref.name': tag } }
  })
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })))
  return files
}

/** Writes an OCI layout into the folder. */
export async function writeLayout(
  folder: string,
  entries: readonly LayoutEntry[],
  options: { readonly tag?: string } = {},
): Promise<void> {
  for (const [name, bytes] of layoutFiles(entries, options)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  }
}

/** A tar archive of an OCI layout. */
export function layoutArchive(
  entries: readonly LayoutEntry[],
  options: { readonly tag?: string } = {},
): Buffer {
  return tar([...layoutFiles(entries, options)].map(([path, content]) => ({ path, content })))
}

/**
 * What `docker save` writes: `legacy` up to Docker 24 (`<id>/layer.tar`, a layer that occurs twice as a link the second
 * time), `v25` with an OCI layout in the same archive.
 */
export function dockerArchive(
  images: readonly { readonly image: BuiltImage; readonly tags: readonly string[] }[],
  options: { readonly style?: 'legacy' | 'v25' } = {},
): Buffer {
  return tar(options.style === 'v25' ? v25Members(images) : legacyMembers(images))
}

function legacyMembers(
  images: readonly { readonly image: BuiltImage; readonly tags: readonly string[] }[],
): TarMember[] {
  const members: TarMember[] = []
  const stored = new Map<string, string>()
  const manifest = images.map(({ image, tags }, number) => {
    const config = `${image.configDigest.slice(7)}.json`
    members.push({ path: config, content: image.config })
    const layers = image.layers.map((layer, at) => {
      const folder = `${number}${at}`.padEnd(64, '0')
      const path = `${folder}/layer.tar`
      const earlier = stored.get(layer.diffId)
      members.push({ path: `${folder}/` }, { path: `${folder}/VERSION`, content: '1.0' })
      if (earlier) members.push({ path, type: 'symlink', link: `../${earlier}` })
      else members.push({ path, content: layer.tar })
      stored.set(layer.diffId, earlier ?? path)
      return path
    })
    return { Config: config, RepoTags: tags.length > 0 ? tags : null, Layers: layers }
  })
  members.push({ path: 'manifest.json', content: JSON.stringify(manifest) })
  return members
}

function v25Members(
  images: readonly { readonly image: BuiltImage; readonly tags: readonly string[] }[],
): TarMember[] {
  const files = layoutFiles(
    images.map(({ image, tags }) => ({ image, tag: tags[0]?.split(':').at(-1) ?? '' })),
  )
  const manifest = images.map(({ image, tags }) => ({
    Config: `blobs/${image.configDigest.replace(':', '/')}`,
    RepoTags: tags,
    Layers: image.layers.map((layer) => `blobs/${layer.descriptor.digest.replace(':', '/')}`),
  }))
  return [
    ...[...files].map(([path, content]) => ({ path, content })),
    { path: 'manifest.json', content: JSON.stringify(manifest) },
  ]
}

/** A folder that is gone at the end of the block: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'lanner-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
