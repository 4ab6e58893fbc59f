import { ExtractFault } from './extractor.ts'
import type { Evidence, LayerInventory } from './inventory.ts'

/** A file that is visible in the image, with what each extractor read from it. */
export interface VisibleFile {
  readonly path: string
  readonly layerIndex: number
  readonly evidence: readonly Evidence[]
  /** Whether a lower layer had a file of the same path, removed since or not. */
  readonly replaced: boolean
  /** Which lower layers brought packages that the file still holds, by package key; see `originOf`. */
  readonly origins?: ReadonlyMap<string, number>
}

/** Bounds on the layers of one image together; beyond them `limit-exceeded` is thrown. */
export interface MergeLimits {
  /** Evidence of packages, counted in every layer that brings it. */
  readonly maxPackages: number
  /** Characters of the paths by which upper layers hide what lower ones brought. */
  readonly maxNameText: number
  /** Files and folders that lead to evidence. */
  readonly maxPlaces: number
}

export const mergeLimits: MergeLimits = {
  maxPackages: 2_000_000,
  maxNameText: 2 * 1024 ** 3,
  maxPlaces: 2_000_000,
}

/**
 * The evidence that is visible once all layers are applied, by path, in the order of the paths.
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets
 */
export function mergeLayers(
  layers: readonly LayerInventory[],
  limits: MergeLimits = mergeLimits,
): ReadonlyMap<string, VisibleFile> {
  const tree = new EvidenceTree(limits.maxPlaces)
  const seen = new Set<string>()
  let packages = 0
  let nameText = 0
  layers.forEach((layer, index) => {
    const byPath = Map.groupBy(layer.evidence, (item) => item.path)
    const lower = new Map<string, VisibleFile>()
    for (const path of byPath.keys()) {
      const file = tree.get(path)
      if (file) lower.set(path, file)
    }
    if (seen.size > 0) {
      nameText += hideLower(tree, layer, limits.maxNameText - nameText)
    }
    for (const [path, evidence] of byPath) {
      for (const item of evidence) {
        packages += item.packages.length
        if (packages > limits.maxPackages) {
          throw new ExtractFault(
            'limit-exceeded',
            `the layers of the image hold more than ${limits.maxPackages} packages together`,
          )
        }
      }
      const replaced = lower.get(path)
      const origins = replaced && originsKept(replaced, evidence)
      const file = { path, layerIndex: index, evidence, replaced: seen.has(path) }
      tree.add(path, origins ? { ...file, origins } : file)
      seen.add(path)
    }
  })
  return new Map(
    [...tree.files()].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => [file.path, file]),
  )
}

/** Index of the layer that first brought a package of this file in its version and kept it since. */
export function originOf(file: VisibleFile, extractor: string, facts: Evidence['packages'][number]): number {
  return file.origins?.get(packageKey(extractor, facts)) ?? file.layerIndex
}

/** What the lower file held already, of what the file in its place holds. Files that replace nothing need none of it. */
function originsKept(lower: VisibleFile, evidence: readonly Evidence[]): ReadonlyMap<string, number> {
  const before = new Map<string, number>()
  for (const { extractor, packages } of lower.evidence) {
    for (const facts of packages) before.set(packageKey(extractor, facts), originOf(lower, extractor, facts))
  }
  const kept = new Map<string, number>()
  for (const { extractor, packages } of evidence) {
    for (const facts of packages) {
      const key = packageKey(extractor, facts)
      const origin = before.get(key)
      if (origin !== undefined) kept.set(key, origin)
    }
  }
  return kept
}

function packageKey(extractor: string, facts: Evidence['packages'][number]): string {
  return `${extractor}\0${facts.type}\0${facts.namespace ?? ''}\0${facts.name}\0${facts.version}\0${facts.arch ?? ''}\0${facts.inner ?? ''}`
}

/** Takes out of the tree what this layer removes, hides or replaces; answers with the characters of its paths. */
function hideLower(tree: EvidenceTree, layer: LayerInventory, most: number): number {
  let text = 0
  const count = (path: string): void => {
    text += path.length
    if (text > most) {
      throw new ExtractFault(
        'limit-exceeded',
        'the layers of the image hold too many paths to lay them over each other',
      )
    }
  }
  for (const path of layer.whiteouts) {
    count(path)
    tree.remove(path)
  }
  for (const folder of layer.opaque) {
    count(folder)
    tree.empty(folder)
  }
  for (const name of layer.names) {
    count(name)
    if (name.endsWith('/')) tree.cover(name.slice(0, -1), true)
    else tree.cover(name, false)
  }
  return text
}

interface Place {
  file: VisibleFile | undefined
  below: Map<string, Place> | undefined
}

/**
 * The visible evidence as a tree of folders: to hide a folder is one step, however much lies below it, and a path of
 * another layer costs only the part of it that the tree knows.
 */
class EvidenceTree {
  readonly #root: Place = { file: undefined, below: undefined }
  readonly #maxPlaces: number
  #places = 0

  constructor(maxPlaces: number) {
    this.#maxPlaces = maxPlaces
  }

  get(path: string): VisibleFile | undefined {
    return this.#find(path)?.file
  }

  add(path: string, file: VisibleFile): void {
    let place = this.#root
    for (const part of path.split('/')) {
      place.below ??= new Map()
      let next = place.below.get(part)
      if (!next) {
        if (++this.#places > this.#maxPlaces) {
          throw new ExtractFault(
            'limit-exceeded',
            `what was found in the image lies in more than ${this.#maxPlaces} files and folders`,
          )
        }
        next = { file: undefined, below: undefined }
        place.below.set(part, next)
      }
      place = next
    }
    place.file = file
  }

  /** Takes the path away, file or folder. */
  remove(path: string): void {
    const slash = path.lastIndexOf('/')
    const folder = slash < 0 ? this.#root : this.#find(path.slice(0, slash))
    folder?.below?.delete(path.slice(slash + 1))
  }

  /** Takes away what lies below a folder; '' is the root. */
  empty(folder: string): void {
    const place = folder === '' ? this.#root : this.#find(folder)
    if (place) place.below = undefined
  }

  /**
   * Lays a path of an upper layer over the tree. A file replaces the file of its name, and so does a folder; a file in the
   * place of a folder hides all below it. A folder need not have an entry of its own: what lies in it makes it one.
   */
  cover(path: string, folder: boolean): void {
    let place = this.#root
    for (let start = 0; ; ) {
      const slash = path.indexOf('/', start)
      const next = place.below?.get(slash < 0 ? path.slice(start) : path.slice(start, slash))
      if (!next) return
      next.file = undefined
      place = next
      if (slash < 0) break
      start = slash + 1
    }
    if (!folder) place.below = undefined
  }

  *files(): Generator<VisibleFile> {
    // No recursion: a path may have two thousand parts.
    const open: Place[] = [this.#root]
    for (let place = open.pop(); place; place = open.pop()) {
      if (place.file) yield place.file
      if (place.below) for (const next of place.below.values()) open.push(next)
    }
  }

  #find(path: string): Place | undefined {
    let place: Place | undefined = this.#root
    for (let start = 0; place; ) {
      const slash = path.indexOf('/', start)
      place = place.below?.get(slash < 0 ? path.slice(start) : path.slice(start, slash))
      if (slash < 0) break
      start = slash + 1
    }
    return place
  }
}
