import {
  type AssessmentReason,
  type Confidence,
  type Distribution,
  distributionTypes,
  type Package,
  type PackageFacts,
  type PackageLocation,
  purlOf,
} from '@lanner/model'
import type { Evidence, LayerInventory } from './inventory.ts'

/** The layers of one image, base first, each with the diff id that our own reading established. */
export interface AssembledLayer {
  readonly diffId: string
  readonly inventory: LayerInventory
}

/** What an image holds once its layers lie on top of each other. */
export interface ImageInventory {
  readonly distribution?: Distribution
  readonly packages: readonly Package[]
  /** CPEs of the repositories that the image was built from, where it says. */
  readonly repositoryCpes: readonly string[]
  /** Evidence that could not be read, or only in part: the image is partially assessed. */
  readonly reasons: readonly AssessmentReason[]
}

/** A file that is visible in the image, with what each extractor read from it. */
interface VisibleFile {
  readonly path: string
  readonly layerIndex: number
  readonly evidence: readonly Evidence[]
  /** Whether it replaced a file of the same path in a lower layer. */
  readonly replaced: boolean
  /** Layer that first brought a package in this version and kept it since, by package key. */
  readonly origins: ReadonlyMap<string, number>
}

const distributionFiles = ['etc/os-release', 'usr/lib/os-release']

/**
 * Lays the layers on top of each other by the rules of the OCI image specification: whiteouts and opaque folders hide
 * what lower layers brought, a file replaces the same path, a file in the place of a folder hides what was below it.
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets
 */
export function assembleImage(layers: readonly AssembledLayer[]): ImageInventory {
  const visible = mergeLayers(layers.map((layer) => layer.inventory))
  const distribution = chooseDistribution(visible)
  const owners = ownersOf(layers)
  const packages = new Map<string, Package>()
  const purlOfSystemPackage = new Map<string, string>()
  /** For each language package the owner of every place it was found in; undefined for a place that nobody owns. */
  const ownersOfPackage = new Map<string, (string | undefined)[]>()

  for (const file of visible.values()) {
    for (const evidence of file.evidence) {
      for (const facts of evidence.packages) {
        const system = distributionTypes.has(facts.type)
        const purl = purlOf(facts, system ? distribution : undefined)
        const layerIndex = file.origins.get(packageKey(evidence.extractor, facts)) ?? file.layerIndex
        const location: PackageLocation = {
          path: facts.inner ? `${file.path}!${facts.inner}` : file.path,
          layer: layers[layerIndex].diffId,
          layerIndex,
          extractor: evidence.extractor,
        }
        const known = packages.get(purl)
        packages.set(purl, known ? merge(known, facts, location) : { ...facts, purl, locations: [location] })
        if (system) purlOfSystemPackage.set(facts.name, purl)
        else ownersOfPackage.set(purl, [...(ownersOfPackage.get(purl) ?? []), ownerOf(file, owners)])
      }
    }
  }
  for (const [purl, names] of ownersOfPackage) {
    // Found anywhere that nobody owns, the package is there on its own account.
    if (names.includes(undefined)) continue
    const owner = purlOfSystemPackage.get(names[0] ?? '')
    const known = packages.get(purl)
    if (owner && known) packages.set(purl, { ...known, owner })
  }
  return {
    ...(distribution ? { distribution } : {}),
    packages: [...packages.values()].sort(byTypeAndName),
    repositoryCpes: [
      ...new Set(
        [...visible.values()].flatMap((file) => file.evidence.flatMap((evidence) => evidence.cpes ?? [])),
      ),
    ],
    reasons: [...visible.values()].flatMap(problemsOf),
  }
}

/** The evidence that is visible once all layers are applied, by path. */
export function mergeLayers(layers: readonly LayerInventory[]): ReadonlyMap<string, VisibleFile> {
  const visible = new Map<string, VisibleFile>()
  layers.forEach((layer, index) => {
    const before = new Map(visible)
    if (visible.size > 0) hideLower(visible, layer)
    for (const [path, evidence] of Map.groupBy(layer.evidence, (item) => item.path)) {
      const lower = before.get(path)
      const origins = new Map<string, number>()
      for (const item of evidence) {
        for (const facts of item.packages) {
          const key = packageKey(item.extractor, facts)
          origins.set(key, lower?.origins.get(key) ?? index)
        }
      }
      visible.set(path, { path, layerIndex: index, evidence, replaced: lower !== undefined, origins })
    }
  })
  return visible
}

/** Takes away from `visible` what this layer removes, hides or replaces. */
function hideLower(visible: Map<string, VisibleFile>, layer: LayerInventory): void {
  const removed = new Set(layer.whiteouts)
  const opaque = new Set(layer.opaque)
  // Every path that may decide: the visible files, and the folders above them.
  const below = new Map<string, string[]>()
  for (const path of visible.keys()) {
    for (const folder of ancestors(path)) {
      const list = below.get(folder)
      if (list) list.push(path)
      else below.set(folder, [path])
    }
  }
  for (const path of removed) {
    visible.delete(path)
    for (const file of below.get(path) ?? []) visible.delete(file)
  }
  for (const folder of opaque) for (const file of below.get(folder) ?? []) visible.delete(file)
  for (const name of layer.names) {
    const folder = name.endsWith('/')
    const path = folder ? name.slice(0, -1) : name
    // A file replaces the file of its name; so does a folder. A file in the place of a folder hides all below it.
    visible.delete(path)
    if (!folder) for (const file of below.get(path) ?? []) visible.delete(file)
    // A folder need not have an entry of its own: what lies directly in it makes the lower file of its name go away.
    const slash = path.lastIndexOf('/')
    if (slash > 0) visible.delete(path.slice(0, slash))
  }
}

function* ancestors(path: string): Generator<string> {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1))
    yield path.slice(0, slash)
  yield ''
}

function chooseDistribution(visible: ReadonlyMap<string, VisibleFile>): Distribution | undefined {
  const candidates = [...visible.values()].flatMap(({ path, evidence }) =>
    evidence.flatMap(({ distribution }) => (distribution ? [{ ...distribution, path }] : [])),
  )
  const rank = (path: string) => {
    const index = distributionFiles.indexOf(path)
    return index < 0 ? distributionFiles.length : index
  }
  candidates.sort((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1))
  const [best, ...others] = candidates
  if (best === undefined) return undefined
  // `etc/debian_version` and the like know the point release that os-release leaves out, and nothing else is taken.
  const version = best.version ?? others.find((other) => other.id === best.id && other.version)?.version
  return version ? { ...best, version } : best
}

interface Owner {
  readonly name: string
  readonly layerIndex: number
}

function ownersOf(layers: readonly AssembledLayer[]): ReadonlyMap<string, Owner> {
  const owners = new Map<string, Owner>()
  layers.forEach((layer, layerIndex) => {
    for (const [path, name] of Object.entries(layer.inventory.owned)) owners.set(path, { name, layerIndex })
  })
  return owners
}

/** A file that a later layer put in the place of the owned one is not the owner's any more. */
function ownerOf(file: VisibleFile, owners: ReadonlyMap<string, Owner>): string | undefined {
  const owner = owners.get(file.path)
  if (owner === undefined || (file.replaced && file.layerIndex > owner.layerIndex)) return undefined
  return owner.name
}

function packageKey(extractor: string, facts: PackageFacts): string {
  return `${extractor}\0${facts.type}\0${facts.namespace ?? ''}\0${facts.name}\0${facts.version}\0${facts.arch ?? ''}\0${facts.inner ?? ''}`
}

const confidences: readonly Confidence[] = ['declared', 'embedded', 'inferred', 'matched']

/** The same package found again: one more place, and the more trustworthy statement of the two. */
function merge(known: Package, facts: PackageFacts, location: PackageLocation): Package {
  const better = confidences.indexOf(facts.confidence) < confidences.indexOf(known.confidence)
  const [first, second]: readonly PackageFacts[] = better ? [facts, known] : [known, facts]
  const licenses = first.licenses?.length ? first.licenses : second.licenses
  return {
    ...second,
    ...first,
    ...(licenses ? { licenses } : {}),
    // Needed at run time somewhere: no development dependency of the image.
    ...(known.development && !facts.development ? { development: false } : {}),
    purl: known.purl,
    locations: [...known.locations, location],
  }
}

function problemsOf(file: VisibleFile): AssessmentReason[] {
  return file.evidence.flatMap(({ problems }) =>
    (problems ?? []).map(({ code, message }) => ({ code, message, path: file.path })),
  )
}

function byTypeAndName(a: Package, b: Package): number {
  const left = distributionTypes.has(a.type) ? 0 : 1
  const right = distributionTypes.has(b.type) ? 0 : 1
  return (
    left - right ||
    compareText(a.type, b.type) ||
    compareText(a.namespace ?? '', b.namespace ?? '') ||
    compareText(a.name, b.name) ||
    compareText(a.purl, b.purl)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
