import {
  debianReleases,
  distributionTypes,
  isPackageType,
  type PackageUrl,
  parsePurl,
  ubuntuReleases,
} from '@lanner/model'
import { defineProp } from '../prop.ts'
import { pattern } from '../wildcard.ts'

export const purl = defineProp<'package'>({
  name: 'purl',
  subject: 'package',
  kind: 'text',
  many: 'names',
  wildcards: true,
  caseSensitive: true,
  description:
    'package URL; what it leaves out is not asked for: `pkg:npm/lodash` is any version, `pkg:deb/debian/expat?arch=source` every package built from that source',
  normalize: asked,
  read: ({ purl }) => shown(purl),
})

/** Whether a package URL, as a condition asks for it, covers the package of another. */
export function purlCovers(wanted: string, actual: string): boolean {
  const form = asked(wanted)
  return form !== undefined && shown(actual).some(pattern(form).fits)
}

/**
 * What stands in package URLs for what os-release calls otherwise; each side of a comparison is brought to the latter.
 * https://github.com/package-url/purl-spec/blob/main/types-doc/rpm-definition.md
 */
const vendors: ReadonlyMap<string, string> = new Map([
  ['redhat', 'rhel'],
  ['amazon', 'amzn'],
  ['oracle', 'ol'],
  ['opensuse-leap', 'opensuse'],
  ['opensuse-tumbleweed', 'opensuse'],
])

/** The texts of a package, its own and its source's: parts in a fixed order, every qualifier between two `&`. */
function shown(text: string): readonly string[] {
  const found = parsePurl(text)
  if (!found) return []
  const source = sourceOf(found)
  return [written(found), ...(source ? [written(source)] : [])]
}

function written(purl: PackageUrl): string {
  const each = sorted(purl).map(([key, value]) => `&${key}=${encoded(value)}&`)
  return `${identity(purl)}@${encoded(versionOf(purl).version)}?${each.join('')}#${purl.subpath ?? ''}`
}

/** The same as a pattern, with a star for all that is left out; undefined for what is no package URL. */
function asked(text: string): string | undefined {
  const found = parsePurl(text.trim())
  if (!found) return undefined
  // A star is left as it is by the encoding, and stands for any run of characters as in every other prop.
  const version = found.version === undefined ? '*' : encoded(versionOf(found).version)
  const each = sorted(found).map(([key, value]) => `*&${key}=${encoded(value)}&`)
  return `${identity(found)}@${version}?${each.join('')}*${found.subpath ? `#${found.subpath}` : ''}`
}

function identity({ type, namespace = '', name, qualifiers }: PackageUrl): string {
  // A source is often called as one of the packages that are built from it: one must not pass for the other.
  const kind = isSource(type, qualifiers['arch']) ? 'source ' : ''
  const vendor = type === 'rpm' ? (vendors.get(namespace) ?? namespace) : namespace
  return `${kind}${type}/${vendor.split('/').map(encoded).join('/')}/${encoded(name)}`
}

function sorted(purl: PackageUrl): readonly (readonly [string, string])[] {
  const { epoch } = versionOf(purl)
  const stated = Object.entries(purl.qualifiers).filter(
    // What is so unless it is said otherwise says nothing.
    ([key, value]) =>
      key !== 'epoch' &&
      !(key === 'arch' && isSource(purl.type, value)) &&
      !(purl.type === 'maven' && key === 'type' && value === 'jar'),
  )
  const all = epoch === undefined ? stated : [...stated, ['epoch', epoch] as const]
  return all
    .map(([key, value]) => [key, key === 'distro' ? releaseOf(purl, value) : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Some name a release by its code name: `jammy` is `ubuntu-22.04`. */
function releaseOf({ namespace = '' }: PackageUrl, distro: string): string {
  const release = (
    namespace === 'debian' ? debianReleases : namespace === 'ubuntu' ? ubuntuReleases : undefined
  )?.get(distro)
  return release === undefined ? distro : `${namespace}-${release}`
}

/** Half of a surrogate pair, which a JSON file may hold, has no encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function isSource(type: string, arch: string | undefined): boolean {
  return (arch === 'source' || arch === 'src') && isPackageType(type) && distributionTypes.has(type)
}

/** An rpm's epoch is a qualifier, and none where it is 0; some write it before the version all the same. */
function versionOf({ type, version = '', qualifiers }: PackageUrl): { version: string; epoch?: string } {
  const colon = type === 'rpm' ? version.indexOf(':') : -1
  const epoch = colon > 0 ? version.slice(0, colon) : qualifiers['epoch']
  const rest = colon > 0 ? version.slice(colon + 1) : version
  return epoch === undefined || /^0*$/.test(epoch) ? { version: rest } : { version: rest, epoch }
}

/** The source of a distribution's package, as Debian, Red Hat and others name it in theirs: `arch=source` or `arch=src`. */
function sourceOf(purl: PackageUrl): PackageUrl | undefined {
  const { type, namespace, name, version, qualifiers } = purl
  if (!isPackageType(type) || !distributionTypes.has(type)) return undefined
  const { upstream, distro, epoch } = qualifiers
  const at = upstream?.lastIndexOf('@') ?? -1
  const same = upstream === undefined || at <= 0
  return {
    type,
    ...(namespace ? { namespace } : {}),
    name: upstream === undefined ? name : at > 0 ? upstream.slice(0, at) : upstream,
    version: same ? (version ?? '') : upstream.slice(at + 1),
    qualifiers: { arch: 'source', ...(distro ? { distro } : {}), ...(epoch && same ? { epoch } : {}) },
  }
}
