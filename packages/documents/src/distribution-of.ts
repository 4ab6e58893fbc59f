import {
  type Distribution,
  debianReleases,
  distributionTypes,
  isPackageType,
  type PackageUrl,
  ubuntuReleases,
} from '@lanner/model'

/** What other tools call a distribution, and its `ID` in os-release. */
const ids: ReadonlyMap<string, string> = new Map([
  ['redhat', 'rhel'],
  ['red hat enterprise linux', 'rhel'],
  ['amazon', 'amzn'],
  ['amazonlinux', 'amzn'],
  ['oracle', 'ol'],
  ['oraclelinux', 'ol'],
  ['alma', 'almalinux'],
  ['rockylinux', 'rocky'],
  ['suse linux enterprise server', 'sles'],
  ['suse linux enterprise micro', 'sle-micro'],
  ['opensuse.leap', 'opensuse-leap'],
  ['opensuse.tumbleweed', 'opensuse-tumbleweed'],
  ['cbl-mariner', 'mariner'],
  ['archlinux', 'arch'],
])

/** Releases that purls name by their codename. */
const codenames: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['debian', debianReleases],
  ['ubuntu', ubuntuReleases],
])

/** A distribution that a document names; `like` and other fields where it states them. */
export function namedDistribution(
  name: string,
  version: string | undefined,
  more: Partial<Distribution> = {},
): Distribution {
  const word = name.trim().toLowerCase()
  // Amazon Linux is versioned `2 (Karoo)` by some.
  const number = version?.trim().split(' ')[0]
  return { id: ids.get(word) ?? word, ...(number ? { version: number } : {}), like: [], path: '', ...more }
}

/** The distribution that the `distro` qualifier of a system package's purl names: `debian-12`, `alpine-3.19.1`, `bookworm`. */
export function distributionOfPurl(purl: PackageUrl): Distribution | undefined {
  const distro = purl.qualifiers['distro']?.toLowerCase()
  if (!distro || !isPackageType(purl.type) || !distributionTypes.has(purl.type)) return undefined
  const namespace = purl.namespace?.toLowerCase() ?? ''
  const codename = codenames.get(namespace)?.get(distro)
  if (codename) return namedDistribution(namespace, codename, { codename: distro })
  const version = /-(?=\d)/.exec(distro)
  if (version?.index) {
    return namedDistribution(distro.slice(0, version.index), distro.slice(version.index + 1))
  }
  // A word that is no name of the distribution may be a codename that we do not know: that is no answer.
  return distro === namespace ? namedDistribution(distro, undefined) : undefined
}

/** The one distribution that all of these are; undefined when they differ. */
export function agreedDistribution(found: Iterable<Distribution>): Distribution | undefined {
  let agreed: Distribution | undefined
  for (const distribution of found) {
    agreed ??= distribution
    if (agreed.id !== distribution.id || agreed.version !== distribution.version) return undefined
  }
  return agreed
}
