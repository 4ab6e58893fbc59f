import {
  distributionTypes,
  isPackageType,
  type Package,
  type PackageFacts,
  type PackageUrl,
  parsePurl,
} from '@lanner/model'

/** What a document says of a package beside its purl. */
export interface Listed {
  readonly purl: string
  readonly name?: string
  readonly version?: string
  readonly licenses?: readonly string[]
  readonly vendor?: string
}

/** Qualifiers that have a field of their own. */
const ownFields = new Set(['arch', 'distro', 'distro_name', 'epoch', 'upstream', 'rpmmod', 'modularitylabel'])

/**
 * The facts that a purl states, by the rules of `purlOf` read backwards, completed by the document's own fields.
 * Undefined when the purl cannot be parsed or is of a type that the inventory does not hold.
 */
export function packageOfPurl(listed: Listed, purl = parsePurl(listed.purl)): Package | undefined {
  if (!purl || !isPackageType(purl.type)) return undefined
  const system = distributionTypes.has(purl.type)
  const { qualifiers } = purl
  const { namespace, name, subpath } = identityOf(purl, listed.name)
  const version = versionOf(purl, listed.version)
  const source = system ? sourceOf(qualifiers['upstream'], purl.type, version) : undefined
  const module = qualifiers['rpmmod'] ?? qualifiers['modularitylabel']
  const rest = Object.entries(qualifiers).filter(([key]) => (system ? !ownFields.has(key) : key !== 'arch'))
  return {
    type: purl.type,
    ...(namespace && !system ? { namespace } : {}),
    name,
    version,
    ...(qualifiers['arch'] ? { arch: qualifiers['arch'] } : {}),
    ...(source ? { source } : {}),
    ...(listed.licenses?.length ? { licenses: listed.licenses } : {}),
    ...(system && module ? { module } : {}),
    ...(system && listed.vendor ? { vendor: listed.vendor } : {}),
    ...(rest.length > 0 ? { qualifiers: Object.fromEntries(rest) } : {}),
    ...(subpath ? { subpath } : {}),
    confidence: 'declared',
    purl: listed.purl,
    locations: [],
  }
}

const slashless = new Set(['npm', 'composer', 'golang'])

/**
 * Some tools cut a Go module's path after three parts and put the rest into the subpath, or lower its letters, by which its
 * advisories do not go; the full name tells.
 */
function identityOf(
  purl: PackageUrl,
  listedName: string | undefined,
): Pick<PackageFacts, 'namespace' | 'name' | 'subpath'> {
  const { namespace, name, subpath } = purl
  if (purl.type === 'golang' && listedName && namespace) {
    const slash = listedName.lastIndexOf('/')
    const listed = { namespace: listedName.slice(0, slash), name: listedName.slice(slash + 1) }
    if (subpath && listedName === `${namespace}/${name}/${subpath}`) return listed
    if (listedName.toLowerCase() === `${namespace}/${name}`)
      return { ...listed, ...(subpath ? { subpath } : {}) }
  }
  // A slash that was encoded with the name (`%40scope%2Fname`) separates all the same where names cannot hold one.
  const slash = !namespace && slashless.has(purl.type) ? name.lastIndexOf('/') : -1
  if (slash > 0)
    return { namespace: name.slice(0, slash), name: name.slice(slash + 1), ...(subpath ? { subpath } : {}) }
  return { ...(namespace ? { namespace } : {}), name, ...(subpath ? { subpath } : {}) }
}

function versionOf(purl: PackageUrl, listedVersion: string | undefined): string {
  const version = purl.version ?? listedVersion ?? ''
  const { type, name, namespace } = purl
  if (type === 'golang' && name === 'stdlib' && !namespace) return version.replace(/^(?:go|v)(?=\d)/, '')
  const epoch = purl.qualifiers['epoch']
  if (!epoch || !/^\d+$/.test(epoch) || /^0+$/.test(epoch)) return version
  return (type === 'rpm' || type === 'deb') && !version.includes(':') ? `${epoch}:${version}` : version
}

/**
 * `upstream`: `name`, `name@version`, or for rpm the file name of the source package, whose epoch is not in it; rpm builds
 * every package of a source with the same unless told otherwise.
 */
function sourceOf(
  upstream: string | undefined,
  type: string,
  version: string,
): PackageFacts['source'] | undefined {
  if (!upstream) return undefined
  if (type === 'rpm' && /\.(?:no)?src\.rpm$/.test(upstream)) return sourceOfRpm(upstream, version)
  const at = upstream.lastIndexOf('@')
  if (at <= 0) return { name: upstream }
  return at === upstream.length - 1
    ? { name: upstream.slice(0, at) }
    : { name: upstream.slice(0, at), version: upstream.slice(at + 1) }
}

/** `openssl-3.0.7-27.el9.src.rpm`: the last two dashes separate version and release. */
export function sourceOfRpm(fileName: string, version: string): PackageFacts['source'] | undefined {
  const stem = fileName.replace(/\.(?:no)?src\.rpm$/, '')
  const release = stem.lastIndexOf('-')
  const before = stem.lastIndexOf('-', release - 1)
  if (release < 0 || before <= 0) return undefined
  const colon = version.indexOf(':')
  const epoch = colon > 0 ? version.slice(0, colon + 1) : ''
  return { name: stem.slice(0, before), version: `${epoch}${stem.slice(before + 1)}` }
}
