import type { Package } from '@lanner/model'
import { distributionTypes } from '@lanner/model'
import type { AdvisoryReader, AffectedPackage } from './advisory.ts'
import type { Subject } from './affects.ts'
import type { DistributionCoverage } from './distributions.ts'
import { languageNames } from './languages.ts'
import { lookupName } from './lookup-name.ts'
import type { InstalledVersion } from './version-order.ts'

/** An entry that names a package, and the side of the package that it is held against. */
export interface Candidate {
  readonly entry: AffectedPackage
  readonly subject: Subject
  /** The entry's ecosystem needs a subscription for its fixes, and the package does not come from one. */
  readonly subscription: boolean
  /** A remark that holds for every verdict from here. */
  readonly note?: string
}

/** Parses an installed version; memoised by whoever matches many packages. */
export type VersionReader = (scheme: Subject['installed']['scheme'], version: string) => InstalledVersion

/** Every entry that names the package, by its own name or that of its source, in the ecosystems that hold for it. */
export function candidates(
  pack: Package,
  coverage: DistributionCoverage | undefined,
  advisories: AdvisoryReader,
  installedVersion: VersionReader,
): Candidate[] {
  if (!distributionTypes.has(pack.type)) return languageCandidates(pack, advisories, installedVersion)
  // A deb in an Alpine image was put there by hand; Alpine's records say nothing about it.
  if (!coverage || coverage.type !== pack.type) return []
  const found: Candidate[] = []
  for (const { name, version, matchedBy } of distributionNames(pack, coverage)) {
    const subject: Subject = {
      installed: installedVersion(coverage.scheme, version),
      name: pack.name,
      matchedBy,
      ...(pack.module ? { module: pack.module } : {}),
    }
    for (const ecosystem of coverage.ecosystems) {
      for (const entry of advisories.affected(ecosystem, lookupName(ecosystem, name))) {
        found.push({ entry, subject, subscription: false })
      }
    }
    for (const ecosystem of coverage.subscription) {
      for (const entry of advisories.affected(ecosystem, lookupName(ecosystem, name))) {
        found.push({ entry, subject, subscription: !fromSubscription(version) })
      }
    }
  }
  return found.length > 1 ? withoutRepetition(found, coverage) : found
}

function languageCandidates(
  pack: Package,
  advisories: AdvisoryReader,
  installedVersion: VersionReader,
): Candidate[] {
  const found: Candidate[] = []
  for (const { ecosystem, scheme, name, version, note } of languageNames(pack)) {
    const entries = advisories.affected(ecosystem, lookupName(ecosystem, name))
    if (entries.length === 0) continue
    const subject: Subject = {
      installed: installedVersion(scheme, version),
      name: pack.name,
      matchedBy: 'name',
    }
    for (const entry of entries)
      found.push({ entry, subject, subscription: false, ...(note ? { note } : {}) })
  }
  return found
}

interface DistributionName {
  readonly name: string
  readonly version: string
  readonly matchedBy: 'name' | 'source'
}

/** Under which names a distribution's package is looked up, its own first. */
export function distributionNames(
  pack: Package,
  coverage: DistributionCoverage,
): readonly DistributionName[] {
  const own: DistributionName = { name: pack.name, version: pack.version, matchedBy: 'name' }
  const { source } = pack
  if (!source || coverage.names === 'own') return [own]
  const version = sourceVersion(pack)
  if (source.name === pack.name)
    return [{ ...own, version: coverage.names === 'source' ? version : own.version }]
  const bySource: DistributionName = { name: source.name, version, matchedBy: 'source' }
  return coverage.names === 'source' ? [bySource] : [own, bySource]
}

/** A build that only subscribers get (`1.06-6+esm1`, `…+Fips1`): then its fixes are to be had as well. */
function fromSubscription(version: string): boolean {
  return /[+~.](?:esm|fips)\d/i.test(version)
}

/** A SOURCERPM carries no epoch, and the records do: the binary's is that of its source. */
function sourceVersion(pack: Package): string {
  const stated = pack.source?.version ?? pack.version
  if (pack.type !== 'rpm' || stated.includes(':')) return stated
  const colon = pack.version.indexOf(':')
  return colon > 0 ? `${pack.version.slice(0, colon + 1)}${stated}` : stated
}

/**
 * A record counts once: what names the package itself outranks what names its source, and a release's own entry outranks
 * the subscription's, unless the package is a subscriber's build: the open range of the release knows nothing of its fixes.
 */
function withoutRepetition(found: readonly Candidate[], coverage: DistributionCoverage): Candidate[] {
  const subscribed = new Set(coverage.subscription)
  const strength = ({ entry, subject, subscription }: Candidate) =>
    (subject.matchedBy === 'name' ? 3 : 0) + (subscription ? 0 : subscribed.has(entry.ecosystem) ? 2 : 1)
  const strongest = new Map<string, number>()
  for (const candidate of found) {
    const { advisory } = candidate.entry
    strongest.set(advisory, Math.max(strongest.get(advisory) ?? 0, strength(candidate)))
  }
  return found.filter((candidate) => strength(candidate) === strongest.get(candidate.entry.advisory))
}
