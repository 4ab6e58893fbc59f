import { isPackageType, type PackageUrl, parsePurl } from '@lanner/model'
import { quoted } from '../printable.ts'
import type { VexImage, VexThing } from './statement.ts'

/** How a document tells a product from others. */
export interface Identifiers {
  /** As the document calls it; may itself be a package URL or an image reference. */
  readonly name: string
  readonly purls: readonly string[]
  /** SHA-256 of it, 64 hex. */
  readonly sha256?: string
  /** What it is called by besides, where there is no package URL: only told. */
  readonly otherwise?: string
}

/** Characters of a package URL that a condition can hold. */
const longest = 1000

/** The package or image that identifiers stand for, or why they stand for none. */
export function thingOf({ name, purls, sha256, otherwise }: Identifiers): VexThing {
  const shown = quoted(name || purls[0] || otherwise || 'a product without a name', 300)
  for (const text of [...purls, name]) {
    const purl = parsePurl(text)
    if (purl) return thingOfPurl(purl, shown, text)
  }
  const digest = digestIn(sha256 === undefined ? name : `@sha256:${sha256}`)
  if (digest) return { name: shown, image: { digest } }
  return {
    name: shown,
    problem: `${shown} has no package URL and no digest${otherwise ? `, only ${quoted(otherwise, 200)}` : ''}`,
  }
}

function thingOfPurl(purl: PackageUrl, name: string, text: string): VexThing {
  // A star would stand for anything once it is a condition, which no package URL means.
  if (
    [purl.namespace, purl.name, purl.version, purl.subpath, ...Object.values(purl.qualifiers)]
      .join()
      .includes('*')
  )
    return { name, problem: `${name}: a package URL has no wildcards` }
  if (purl.type === 'oci' || purl.type === 'docker') {
    const image = purl.type === 'oci' ? ociImage(purl) : dockerImage(purl)
    if (image.digest || image.repository) return { name, image }
    return { name, problem: `${name} names an image without a digest and without a repository_url` }
  }
  if (text.length > longest)
    return { name, problem: `${name} is a package URL of more than ${longest} characters` }
  if (!isPackageType(purl.type))
    return { name, problem: `${name} is of the type ${purl.type}, and no image is read for such packages` }
  return { name, purl: text.trim() }
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
function ociImage({ version = '', qualifiers }: PackageUrl): VexImage {
  const { repository_url: url, tag, arch } = qualifiers
  const digest = digestIn(`@${version}`)
  const named = digest || version === '' ? tag : (tag ?? version)
  return {
    ...(url ? repositoryOf(url) : {}),
    ...(named ? { tag: named } : {}),
    ...(digest ? { digest } : {}),
    ...(arch ? { architecture: arch } : {}),
  }
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/docker-definition.md */
function dockerImage({ namespace, name, version = '', qualifiers }: PackageUrl): VexImage {
  const { repository_url: host, arch } = qualifiers
  const digest = digestIn(`@${version}`)
  return {
    registry: host ? hostOf(host) : 'docker.io',
    repository: host ? [namespace, name].filter(Boolean).join('/') : `${namespace ?? 'library'}/${name}`,
    ...(digest || version === '' ? {} : { tag: version }),
    ...(digest ? { digest } : {}),
    ...(arch ? { architecture: arch } : {}),
  }
}

/** Of `host/path` or `path`: what stands first is a host when it has a dot or a port, or is localhost. */
function repositoryOf(url: string): Pick<VexImage, 'registry' | 'repository'> {
  const plain = hostOf(url)
  const [first = '', ...rest] = plain.split('/')
  if (rest.length === 0 || !/[.:]|^localhost$/.test(first)) return { repository: plain }
  return { registry: first.toLowerCase(), repository: rest.join('/') }
}

function hostOf(url: string): string {
  return url
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
}

function digestIn(text: string): string | undefined {
  return /@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.exec(text.trim().slice(-140).toLowerCase())
    ?.groups?.['digest']
}
