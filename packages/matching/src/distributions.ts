import type { Distribution, PackageType } from '@lanner/model'
import type { SchemeId } from '@lanner/versions'
import { redHatEcosystems, suseEcosystems } from './enterprise-products.ts'

/** Which records speak of a distribution's packages, and how its packages are looked up in them. */
export interface DistributionCoverage {
  readonly state: 'covered'
  /** As people call it: `Debian 12`. */
  readonly label: string
  /** OSV ecosystems with their release, the distribution's main one first. */
  readonly ecosystems: readonly string[]
  /** Ecosystems whose fixes need a subscription: they decide only where `ecosystems` have no word of the same record. */
  readonly subscription: readonly string[]
  readonly type: PackageType
  readonly scheme: SchemeId
  /** What the records are named after: source packages, binary packages, or either. */
  readonly names: 'source' | 'own' | 'both'
  /** The feed lists fixes only: no record means unknown there, not unaffected. */
  readonly fixedOnly: boolean
}

/** No records hold for this distribution: known to have none, or not known to us. */
export interface NoCoverage {
  readonly state: 'no-feed' | 'unknown-distribution'
  readonly label: string
  /** A sentence. */
  readonly explanation: string
}

interface Feed {
  readonly type: PackageType
  readonly names: DistributionCoverage['names']
  readonly fixedOnly?: boolean
  /** The ecosystems of one release, or why there are none. */
  ecosystems(distribution: Distribution, repositoryCpes: readonly string[]): readonly string[] | string
  subscription?(distribution: Distribution): readonly string[]
}

const source = { type: 'deb', names: 'source' } as const
const apk = { type: 'apk', fixedOnly: true } as const
const rpm = { type: 'rpm', fixedOnly: true } as const
const rolling = 'it is a rolling release, and records exist for numbered releases only'

/** By os-release `ID`. Derivatives are not listed: what holds for a distribution does not hold for what others build from it. */
const feeds: ReadonlyMap<string, Feed> = new Map<string, Feed>([
  ['debian', { ...source, ecosystems: ({ version }) => debianRelease(version) }],
  [
    'ubuntu',
    {
      ...source,
      ecosystems: ({ version }) => ubuntuRelease(version),
      subscription: ({ version }) => (version ? [`Ubuntu:Pro:${version}:LTS`] : []),
    },
  ],
  ['echo', { ...source, ecosystems: () => ['Echo'] }],
  ['alpine', { ...apk, names: 'source', ecosystems: ({ version }) => alpineRelease(version) }],
  // The records of these three name source packages and sub-packages alike.
  ['wolfi', { ...apk, names: 'both', ecosystems: () => ['Wolfi'] }],
  ['chainguard', { ...apk, names: 'both', ecosystems: () => ['Chainguard', 'Wolfi'] }],
  ['minimos', { ...apk, names: 'both', ecosystems: () => ['MinimOS'] }],
  ['alpaquita', { ...apk, names: 'source', ecosystems: ({ version }) => [`Alpaquita:${stream(version)}`] }],
  [
    'bellsoft-hardened-containers',
    {
      ...apk,
      names: 'source',
      ecosystems: ({ version }) => [`BellSoft Hardened Containers:${stream(version)}`],
    },
  ],
  ['almalinux', { ...rpm, names: 'own', ecosystems: ({ version }) => numbered('AlmaLinux', major(version)) }],
  ['rocky', { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('Rocky Linux', major(version)) }],
  [
    'rhel',
    { ...rpm, names: 'both', ecosystems: ({ version }, cpes) => redHatEcosystems(version, cpes) ?? rolling },
  ],
  ...['sles', 'sled', 'sles_sap', 'sle_hpc', 'sle-micro', 'sl-micro', 'suse-microos'].map(
    (id): [string, Feed] => [
      id,
      { ...rpm, names: 'both', ecosystems: ({ version }) => suseEcosystems(id, version) ?? rolling },
    ],
  ),
  [
    'opensuse-leap',
    { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('openSUSE', version, 'Leap ') },
  ],
  ['opensuse-tumbleweed', { ...rpm, names: 'both', ecosystems: () => ['openSUSE:Tumbleweed'] }],
  // Leap 42 still called itself `opensuse`.
  [
    'opensuse',
    {
      ...rpm,
      names: 'both',
      ecosystems: ({ version }) => numbered('openSUSE', version, version?.startsWith('42') ? 'Leap ' : ''),
    },
  ],
  ['openeuler', { ...rpm, names: 'both', ecosystems: openEulerRelease }],
  ['mageia', { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('Mageia', major(version)) }],
  ['photon', { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('Photon OS', version) }],
  [
    'azurelinux',
    { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('Azure Linux', major(version)) },
  ],
  [
    'mariner',
    { ...rpm, names: 'both', ecosystems: ({ version }) => numbered('Azure Linux', major(version)) },
  ],
])

/** Distributions that we know and that publish nothing in OSV's form: known not to be covered, which is no oversight. */
const withoutFeed: ReadonlySet<string> = new Set(
  (
    'amzn ol fedora centos arch manjaro endeavouros gentoo nixos void clear-linux-os openwrt scientific cloudlinux virtuozzo ' +
    'linuxmint raspbian kali pop elementary devuan parrot deepin zorin neon pureos tails proxmox endless mx ' +
    'bottlerocket flatcar coreos cos buildroot busybox poky tencentos anolis alinux kylin uos eurolinux navylinux ' +
    'postmarketos adelie chimera slackware solus guix xenenterprise xcp-ng cumulus-linux hce wrlinux steamos ubios ' +
    'rancheros nexus ios_xr nobara cachyos arcolinux archarm antergos clearos manjaro-arm'
  ).split(' '),
)

/** Which advisories speak for a distribution, or why none do. */
export function distributionCoverage(
  distribution: Distribution,
  repositoryCpes: readonly string[] = [],
): DistributionCoverage | NoCoverage {
  const label = distribution.version ? `${distribution.id} ${distribution.version}` : distribution.id
  const feed = feeds.get(distribution.id)
  if (!feed) return notCovered(distribution, label)
  const ecosystems = feed.ecosystems(distribution, repositoryCpes)
  if (typeof ecosystems === 'string') {
    return { state: 'no-feed', label, explanation: `No advisories hold for ${label}: ${ecosystems}.` }
  }
  return {
    state: 'covered',
    label,
    ecosystems,
    subscription: feed.subscription?.(distribution) ?? [],
    type: feed.type,
    scheme: feed.type as SchemeId,
    names: feed.names,
    fixedOnly: feed.fixedOnly ?? false,
  }
}

function notCovered({ id, like }: Distribution, label: string): NoCoverage {
  const parents = like.filter((parent) => parent !== id && feeds.has(parent))
  const derived =
    parents.length > 0
      ? ` It derives from ${parents.join(' and ')}, whose advisories do not hold for it.`
      : ''
  if (withoutFeed.has(id)) {
    return { state: 'no-feed', label, explanation: `No advisory feed covers ${label}.${derived}` }
  }
  return {
    state: 'unknown-distribution',
    label,
    explanation: `The distribution ${label} is not known, so none of its packages was judged.${derived}`,
  }
}

function major(version: string | undefined): string | undefined {
  return version?.match(/^\d+/)?.[0]
}

function numbered(ecosystem: string, release: string | undefined, prefix = ''): readonly string[] | string {
  return release ? [`${ecosystem}:${prefix}${release}`] : rolling
}

/** `Debian:6.0` was the last with a minor number. Testing and sid have no VERSION_ID, and no records. */
function debianRelease(version: string | undefined): readonly string[] | string {
  const release = major(version)
  if (!release) return 'testing and unstable have none, only numbered releases do'
  return [Number(release) <= 6 ? `Debian:${release}.0` : `Debian:${release}`]
}

/** `.04` of every even year has long-term support and says so; before its release day it does not yet. */
function ubuntuRelease(version: string | undefined): readonly string[] | string {
  if (!version) return rolling
  const year = Number(version.match(/^(\d+)\.04$/)?.[1] ?? 1)
  return year % 2 === 0 ? [`Ubuntu:${version}:LTS`, `Ubuntu:${version}`] : [`Ubuntu:${version}`]
}

/** `3.19.1` is v3.19; edge calls itself `3.22_alpha20250108`, and has no records. */
function alpineRelease(version: string | undefined): readonly string[] | string {
  if (!version || version.includes('_')) return 'Alpine edge has none, only stable branches do'
  const branch = version.match(/^v?(\d+\.\d+)/)?.[1]
  return branch ? [`Alpine:v${branch}`] : `its version ${version} names no branch`
}

function stream(version: string | undefined): string {
  return major(version) ?? 'stream'
}

/** VERSION_ID is `22.03` only; the service pack stands in brackets in the pretty name: `openEuler 22.03 (LTS-SP3)`. */
function openEulerRelease({ version, name }: Distribution): readonly string[] | string {
  if (!version) return rolling
  const edition = name?.match(/\(([A-Za-z0-9-]{1,40})\)/)?.[1]
  return [edition ? `openEuler:${version}-${edition}` : `openEuler:${version}`]
}
