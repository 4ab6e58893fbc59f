import type { ImageInventory } from '@lanner/extractors'
import {
  type AssessmentReason,
  distributionTypes,
  isPackageType,
  type Package,
  type PackageFacts,
  type PackageLocation,
  type PackageType,
  purlOf,
} from '@lanner/model'
import { RequestFault } from './request-fault.ts'
import { sentDistribution } from './sent-distribution.ts'

/** A package of the operating system as a client tells it. */
export interface SentPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** `DPKG`, `RPM`, `APK` …; '' where it is not told. */
  readonly provider: string
  /** `expat 2.5.0-1`: name and version of the source package. */
  readonly source: string
  readonly status: string
  /** From the base, 0; -1 where it is not told. */
  readonly layerIndex: number
}

/** A library of an application. */
export interface SentLibrary {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly path: string
  readonly layerIndex: number
}

/** Packages that somebody else collected. */
export interface SentPackages {
  /** `Debian GNU/Linux 12`. */
  readonly system: string
  readonly packages: readonly SentPackage[]
  readonly libraries: readonly { readonly type: string | number; readonly members: readonly SentLibrary[] }[]
}

/** Bounds of what is sent. */
export const sentLimits = {
  /** Packages and libraries together. */
  packages: 20_000,
  /** Characters of a name, a version, a path. */
  text: 1_024,
  /** Vulnerabilities that a look-up answers with, and that an inventory may have: each of a package. */
  lookedUp: 20_000,
  findings: 50_000,
  /** Places of one package. */
  places: 100,
}

/** What stands for the place where a package was read. */
const extractor = 'document/inventory'

/**
 * An inventory of what was sent. What cannot be understood is a reason in it, by which it is partially assessed at best; it
 * is never left out in silence. Throws RequestFault `too-large`.
 */
export function inventoryOfSent(sent: SentPackages, layers = 0): ImageInventory {
  const count = sent.packages.length + sent.libraries.reduce((sum, { members }) => sum + members.length, 0)
  if (count > sentLimits.packages)
    throw new RequestFault(
      'too-large',
      `${count} packages were sent; at most ${sentLimits.packages} are taken`,
    )
  const found = sentDistribution(sent.system)
  const packages = new Map<string, { readonly pack: Package; readonly locations: PackageLocation[] }>()
  const unclear = new Map<string, string[]>()
  const add = (facts: PackageFacts | string, name: string, path: string, layerIndex: number): void => {
    if (typeof facts === 'string') {
      const names = unclear.get(facts)
      if (names) names.push(name)
      else unclear.set(facts, [name])
      return
    }
    const purl = purlOf(facts, found?.distribution)
    const index = layerIndex >= 0 && layerIndex < layers ? layerIndex : -1
    const location = { path: path.slice(0, sentLimits.text), layer: '', layerIndex: index, extractor }
    const same = packages.get(purl)
    if (same) return void (same.locations.length < sentLimits.places && same.locations.push(location))
    const locations = [location]
    packages.set(purl, { pack: { ...facts, purl, locations }, locations })
  }
  for (const pack of sent.packages) {
    if (isRemoved(pack.status)) continue
    add(systemFacts(pack, found?.type), pack.name, '', pack.layerIndex)
  }
  for (const { type, members } of sent.libraries)
    for (const library of members)
      add(libraryFacts(type, library), library.name, library.path, library.layerIndex)
  return {
    ...(found ? { distribution: found.distribution } : {}),
    packages: [...packages.values()].map(({ pack }) => pack),
    repositoryCpes: [],
    reasons: [...unclear].map(([why, names]) => reasonFor(why, names)),
  }
}

function reasonFor(why: string, names: readonly string[]): AssessmentReason {
  const shown = [...new Set(names)].slice(0, 5).map((name) => (name === '' ? '(no name)' : name.slice(0, 60)))
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
  const count = `${names.length} ${names.length === 1 ? 'package was' : 'packages were'}`
  return {
    code: 'unreadable-evidence',
    message: `${count} not judged: ${why}: ${shown.join(', ')}${more}.`,
  }
}

/** dpkg keeps a line for packages whose files are gone. */
function isRemoved(status: string): boolean {
  return /\b(?:deinstall|not-installed|config-files|purge)\b/i.test(status)
}

const managers: Readonly<Record<string, PackageType>> = {
  DPKG: 'deb',
  DEB: 'deb',
  APT: 'deb',
  RPM: 'rpm',
  YUM: 'rpm',
  DNF: 'rpm',
  ZYPPER: 'rpm',
  APK: 'apk',
  PACMAN: 'alpm',
  ALPM: 'alpm',
  OPKG: 'opkg',
}

/** The facts, or why there are none. */
function systemFacts(sent: SentPackage, usual: PackageType | undefined): PackageFacts | string {
  const { name, version, provider, architecture } = sent
  const problem = namedWell(name, version)
  if (problem !== undefined) return problem
  const type = provider === '' ? usual : own(managers, provider.toUpperCase())
  if (!type)
    return provider === ''
      ? 'no package manager is told'
      : `no package manager ${provider.slice(0, 40)} is known`
  const source = sourceOf(sent)
  return {
    type,
    name,
    version,
    ...(architecture === '' ? {} : { arch: architecture.slice(0, 40) }),
    ...(source ? { source } : {}),
    confidence: 'declared',
  }
}

/** Name and version are told apart by the last space; without one it is the name. */
function sourceOf({ name, version, source }: SentPackage): PackageFacts['source'] {
  const text = source.trim()
  if (text === '' || text.length > sentLimits.text) return undefined
  const space = text.lastIndexOf(' ')
  const [own, ownVersion] = space < 0 ? [text, version] : [text.slice(0, space).trim(), text.slice(space + 1)]
  if (own === name && ownVersion === version) return undefined
  return { name: own, ...(ownVersion === version ? {} : { version: ownVersion }) }
}

const languages: Readonly<Record<string, PackageType>> = {
  NODE: 'npm',
  NODEJS: 'npm',
  JAVASCRIPT: 'npm',
  YARN: 'npm',
  PYTHON: 'pypi',
  PIP: 'pypi',
  RUBY: 'gem',
  RUBYGEMS: 'gem',
  JAVA: 'maven',
  JAR: 'maven',
  GRADLE: 'maven',
  GO: 'golang',
  GOMOD: 'golang',
  RUST: 'cargo',
  PHP: 'composer',
  DOTNET: 'nuget',
  '.NET': 'nuget',
  CSHARP: 'nuget',
}

/** Files that only one kind of package has. */
const evidence: readonly (readonly [file: RegExp, type: PackageType])[] = [
  [/(?:^|\/)(?:package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml)$/, 'npm'],
  [/\.(?:dist-info|egg-info)(?:\/|$)|(?:^|\/)(?:poetry|uv)\.lock$/, 'pypi'],
  [/\.gemspec$|(?:^|\/)Gemfile\.lock$/, 'gem'],
  [/\.[jwe]ar$|(?:^|\/)pom\.(?:xml|properties)$/, 'maven'],
  [/(?:^|\/)go\.(?:mod|sum)$/, 'golang'],
  [/(?:^|\/)Cargo\.lock$/, 'cargo'],
  [/(?:^|\/)composer\.lock$|(?:^|\/)vendor\/composer\/installed\.json$/, 'composer'],
  [/\.deps\.json$|(?:^|\/)packages\.lock\.json$/, 'nuget'],
]

/**
 * What kind of package it is: by the word, or by the file that it was found in where the type is a number. What the numbers
 * mean nobody has published, so none is guessed at.
 */
function languageOf(type: string | number, path: string): PackageType | undefined {
  const word = String(type).trim()
  const named = own(languages, word.toUpperCase())
  if (named) return named
  const purlType = word.toLowerCase()
  if (isPackageType(purlType) && !distributionTypes.has(purlType)) return purlType
  if (!/^\d*$/.test(word)) return undefined
  return evidence.find(([file]) => file.test(path))?.[1]
}

function libraryFacts(type: string | number, library: SentLibrary): PackageFacts | string {
  const { name, version, path, license } = library
  const problem = namedWell(name, version)
  if (problem !== undefined) return problem
  const kind = languageOf(type, path.slice(0, sentLimits.text))
  if (!kind) return `the type ${JSON.stringify(type).slice(0, 40)} of application packages is not known`
  return {
    type: kind,
    ...spaced(kind, name),
    version,
    ...(license.trim() === '' ? {} : { licenses: [license.slice(0, sentLimits.text)] }),
    confidence: 'declared',
  }
}

/** Namespace and name, as purl tells them apart for the type. */
function spaced(type: PackageType, full: string): { readonly namespace?: string; readonly name: string } {
  const separator = type === 'maven' ? ':' : '/'
  const at = ['npm', 'maven', 'golang', 'composer', 'swift'].includes(type) ? full.lastIndexOf(separator) : -1
  return at > 0 && at < full.length - 1
    ? { namespace: full.slice(0, at), name: full.slice(at + 1) }
    : { name: full }
}

function namedWell(name: string, version: string): string | undefined {
  if (name.trim() === '') return 'no name is told'
  if (version.trim() === '') return 'no version is told'
  const long = name.length > sentLimits.text || version.length > sentLimits.text
  return long ? `name or version have more than ${sentLimits.text} characters` : undefined
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
