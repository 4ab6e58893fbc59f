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
import type { LayerInventory } from './inventory.ts'
import { mergeLayers, originOf, type VisibleFile } from './merge-layers.ts'

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

const distributionFiles = ['etc/os-release', 'usr/lib/os-release']

/**
 * Lays the layers on top of each other by the rules of the OCI image specification: whiteouts and opaque folders hide
 * what lower layers brought, a file replaces the same path, a file in the place of a folder hides what was below it.
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets
 */
export function assembleImage(layers: readonly AssembledLayer[]): ImageInventory {
  const visible = mergeLayers(layers.map((layer) => layer.inventory))
  const distribution = chooseDistribution(visible)
  const drafts = new Map<string, Draft>()
  const systemPackages = new Map<string, SystemPackage>()

  for (const file of visible.values()) {
    for (const { extractor, packages } of file.evidence) {
      for (const facts of packages) {
        const system = distributionTypes.has(facts.type)
        const purl = purlOf(facts, system ? distribution : undefined)
        const layerIndex = originOf(file, extractor, facts)
        const location: PackageLocation = {
          path: facts.inner ? `${file.path}!${facts.inner}` : file.path,
          layer: layers[layerIndex].diffId,
          layerIndex,
          extractor,
        }
        const draft = drafts.get(purl)
        if (!draft) drafts.set(purl, { facts, locations: [location], files: [file] })
        else {
          draft.facts = merge(draft.facts, facts)
          draft.locations.push(location)
          draft.files.push(file)
        }
        if (system) {
          const since = Math.max(layerIndex, systemPackages.get(facts.name)?.since ?? 0)
          systemPackages.set(facts.name, { purl, since })
        }
      }
    }
  }
  const ownerOf = ownership(layers, systemPackages)
  const licenses = licensesOf(visible)
  const packages = [...drafts].map(([purl, { facts, locations, files }]): Package => {
    const owner = distributionTypes.has(facts.type) ? undefined : ownerOf(files)
    const stated = facts.type === 'deb' && !facts.licenses?.length ? licenses.get(facts.name) : undefined
    return {
      ...facts,
      purl,
      locations,
      ...(stated ? { licenses: stated } : {}),
      ...(owner ? { owner } : {}),
    }
  })
  const files = [...visible.values()]
  return {
    ...(distribution ? { distribution } : {}),
    packages: packages.sort(byTypeAndName),
    repositoryCpes: [...new Set(files.flatMap(({ evidence }) => evidence.flatMap(({ cpes }) => cpes ?? [])))],
    reasons: reasonsOf(layers, files),
  }
}

/** A package while its places are gathered. */
interface Draft {
  facts: PackageFacts
  readonly locations: PackageLocation[]
  readonly files: VisibleFile[]
}

interface SystemPackage {
  readonly purl: string
  /** Layer that brought it in its version. */
  readonly since: number
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

/** Licences that files state for packages whose database names none, by package. */
function licensesOf(visible: ReadonlyMap<string, VisibleFile>): ReadonlyMap<string, readonly string[]> {
  const licenses = new Map<string, readonly string[]>()
  for (const { evidence } of visible.values()) {
    for (const { licensed } of evidence) if (licensed) licenses.set(licensed.name, licensed.licenses)
  }
  return licenses
}

/**
 * Answers which operating-system package all the files belong to. One that nobody owns is there on its own account, and so
 * is one that was put in the place of an owned file after its owner came.
 */
function ownership(
  layers: readonly AssembledLayer[],
  systemPackages: ReadonlyMap<string, SystemPackage>,
): (files: readonly VisibleFile[]) => string | undefined {
  const owners = new Map<string, string>()
  for (const { inventory } of layers) {
    for (const [path, name] of Object.entries(inventory.owned)) owners.set(path, name)
  }
  return (files) => {
    let first: string | undefined
    for (const { path, replaced, layerIndex } of files) {
      const owner = systemPackages.get(owners.get(path) ?? '')
      if (!owner || (replaced && layerIndex > owner.since)) return undefined
      first ??= owner.purl
    }
    return first
  }
}

const confidences: readonly Confidence[] = ['declared', 'embedded', 'inferred', 'matched']

/** The same package found again: the more trustworthy statement of the two, filled in by the other. */
function merge(known: PackageFacts, found: PackageFacts): PackageFacts {
  const better = confidences.indexOf(found.confidence) < confidences.indexOf(known.confidence)
  if (!better && !addsTo(known, found)) return known
  const [first, second] = better ? [found, known] : [known, found]
  const licenses = first.licenses?.length ? first.licenses : second.licenses
  const { development: _, ...merged } = { ...second, ...first }
  return {
    ...merged,
    ...(licenses ? { licenses } : {}),
    // Needed at run time somewhere: no development dependency of the image.
    ...(known.development && found.development ? { development: true } : {}),
  }
}

/** The same library lies in thousands of places of some images, and says the same of itself in all of them. */
function addsTo(known: PackageFacts, found: PackageFacts): boolean {
  if (Boolean(known.development) !== Boolean(found.development)) return true
  if (!known.licenses?.length && found.licenses?.length) return true
  for (const key in found) if (!Object.hasOwn(known, key)) return true
  return false
}

/** So many problems are told one by one; a million torn files need no million sentences. */
const maxReasons = 1000

function reasonsOf(layers: readonly AssembledLayer[], files: readonly VisibleFile[]): AssessmentReason[] {
  const reasons: AssessmentReason[] = []
  let untold = 0
  const tell = (reason: AssessmentReason): void => {
    if (reasons.length < maxReasons) reasons.push(reason)
    else untold++
  }
  layers.forEach(({ inventory }, index) => {
    for (const { code, message } of inventory.problems ?? [])
      tell({ code, message: `layer ${index + 1}: ${message}` })
  })
  for (const { path, evidence } of files) {
    for (const { problems = [] } of evidence)
      for (const { code, message } of problems) tell({ code, message, path })
  }
  if (untold > 0) {
    reasons.push({
      code: 'unreadable-evidence',
      message: `${untold} more problems like these are not listed`,
    })
  }
  return reasons
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
