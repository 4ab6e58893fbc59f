import type { AssessmentReason, Distribution, ImageFacts, Package } from '@lanner/model'
import { quoted } from './printable.ts'

/** What a document says is in an image: enough to assess it again. */
export interface DocumentInventory {
  /** What the document says it describes. */
  readonly reference?: string
  /** Only our own documents carry it. */
  readonly image?: ImageFacts
  readonly distribution?: Distribution
  readonly packages: readonly Package[]
  readonly repositoryCpes: readonly string[]
  readonly reasons: readonly AssessmentReason[]
}

/** Codes of reasons that come from reading an image. All others come from matching, which is done again. */
const fromReading: ReadonlySet<AssessmentReason['code']> = new Set([
  'unreadable-evidence',
  'limit-exceeded',
  'unreadable-layer',
  'unsupported-media-type',
])

/** The reasons that stay true of a bill of materials: what its maker could not read, nobody reads from it. */
export function inventoryReasons(reasons: readonly AssessmentReason[]): readonly AssessmentReason[] {
  return reasons.filter((reason) => fromReading.has(reason.code))
}

/**
 * One inventory of all that a document describes. Several images (the platforms of an index) become one list in which a
 * package of all of them occurs once; their distribution is known only where they share it.
 */
export function combineSubjects(
  subjects: readonly DocumentInventory[],
  reference: string | undefined,
): DocumentInventory {
  const [only] = subjects
  if (subjects.length === 1) return { ...only, packages: mergedPackages(only.packages) }
  const distributions = new Map(
    subjects.flatMap(({ distribution }) => (distribution ? [[releaseOf(distribution), distribution]] : [])),
  )
  const [distribution] = distributions.values()
  const reasons = subjects.flatMap((subject) => subject.reasons)
  if (distributions.size > 1)
    reasons.push({
      code: 'no-distribution',
      message: `The document describes images of ${[...distributions.keys()].join(', ')}: no one distribution holds for its packages.`,
      informational: true,
    })
  return {
    ...(reference ? { reference } : {}),
    ...(distribution && distributions.size === 1 ? { distribution } : {}),
    packages: mergedPackages(subjects.flatMap((subject) => subject.packages)),
    repositoryCpes: [...new Set(subjects.flatMap((subject) => subject.repositoryCpes))],
    reasons,
  }
}

function releaseOf({ id, version }: Distribution): string {
  return quoted(version ? `${id} ${version}` : id)
}

/** Packages with the same purl are one, found in several places. */
function mergedPackages(packages: readonly Package[]): readonly Package[] {
  const groups = Map.groupBy(packages, (pack) => pack.purl)
  if (groups.size === packages.length) return packages
  return [...groups.values()].map((group) => (group.length === 1 ? group[0] : mergedPackage(group)))
}

function mergedPackage(group: readonly Package[]): Package {
  const { owner, ...rest } = group[0]
  const locations = new Map(
    group.flatMap((pack) => pack.locations).map((location) => [placeOf(location), location]),
  )
  return {
    ...rest,
    locations: [...locations.values()],
    // Owned by no system package somewhere, it is there on its own account.
    ...(owner && group.every((pack) => pack.owner) ? { owner } : {}),
  }
}

function placeOf({ path, layer, extractor }: Package['locations'][number]): string {
  return `${layer}\0${extractor}\0${path}`
}
