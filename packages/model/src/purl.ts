import { type Distribution, distributionQualifier } from './distribution.ts'
import { distributionTypes, type PackageFacts, type PackageType, packageTypes } from './package.ts'

/** A parsed package URL. https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst */
export interface PackageUrl {
  readonly type: string
  readonly namespace?: string
  readonly name: string
  readonly version?: string
  readonly qualifiers: Readonly<Record<string, string>>
  readonly subpath?: string
}

const unreserved = /^[\w.~:-]*$/

/** Percent-encodes as the specification does: letters, digits and `.-_~` stay, and so does the colon. */
function encode(text: string): string {
  // Most names and versions need nothing, and an image has thousands.
  if (unreserved.test(text)) return text
  // Half a surrogate pair, which a JSON file may hold, has no encoding at all.
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}

function encodePath(text: string): string {
  if (unreserved.test(text)) return text
  return text.split('/').filter(Boolean).map(encode).join('/')
}

interface Spelling {
  readonly namespace?: (text: string) => string
  readonly name?: (text: string) => string
}

const lower = (text: string) => text.toLowerCase()

/**
 * What each type holds to be the same, spelled one way: https://github.com/package-url/purl-spec/tree/main/types.
 * Go's definition lowers names as well, but Go itself and its advisories tell `BurntSushi` from `burntsushi`: a lowered
 * module would match nothing, so it keeps its case here as it does in other tools.
 */
const spellings: ReadonlyMap<string, Spelling> = new Map<string, Spelling>([
  ...['alpm', 'apk', 'bitbucket', 'composer', 'deb', 'github', 'hex'].map(
    (type) => [type, { namespace: lower, name: lower }] as const,
  ),
  ['bitnami', { name: lower }],
  ['oci', { name: lower }],
  ['rpm', { namespace: lower }],
  ['pub', { name: (text) => lower(text).replace(/[^a-z0-9_]/g, '_') }],
  // A dot stays a dot, unlike in PEP 503.
  ['pypi', { name: (text) => lower(text).replaceAll('_', '-') }],
])

/**
 * The canonical text: qualifiers sorted by key, empty parts left out, namespace and name in the spelling that the type
 * prescribes.
 */
export function formatPurl(purl: PackageUrl): string {
  const spelling = spellings.get(purl.type)
  let text = `pkg:${purl.type}/`
  if (purl.namespace) text += `${encodePath(spelling?.namespace?.(purl.namespace) ?? purl.namespace)}/`
  text += encode(spelling?.name?.(purl.name) ?? purl.name)
  if (purl.version) text += `@${encode(purl.version)}`
  const qualifiers = Object.keys(purl.qualifiers)
    .filter((key) => purl.qualifiers[key])
    .sort()
    .map((key) => `${key.toLowerCase()}=${encode(purl.qualifiers[key])}`)
  if (qualifiers.length > 0) text += `?${qualifiers.join('&')}`
  if (purl.subpath) text += `#${encodePath(purl.subpath)}`
  return text
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A qualifier that cannot be one is passed over; the package is still known. */
const qualifierKey = /^[a-z._-][a-z0-9._-]*$/

/**
 * Reads a package URL from the right to the left as the specification says, namespace and name in the spelling that the
 * type prescribes; undefined when it is none. At most 4,096 characters are read.
 */
export function parsePurl(text: string): PackageUrl | undefined {
  if (text.length > 4096 || !/^pkg:/i.test(text)) return undefined
  let rest = text.slice(4).replace(/^\/+/, '')
  let subpath: string | undefined
  const hash = rest.lastIndexOf('#')
  if (hash >= 0) {
    subpath = decode(rest.slice(hash + 1))
      ?.split('/')
      .filter((part) => part && part !== '.' && part !== '..')
      .join('/')
    rest = rest.slice(0, hash)
  }
  const qualifiers = new Map<string, string>()
  const question = rest.lastIndexOf('?')
  if (question >= 0) {
    for (const pair of rest.slice(question + 1).split('&')) {
      const equals = pair.indexOf('=')
      if (equals <= 0) continue
      const key = pair.slice(0, equals).toLowerCase()
      const value = decode(pair.slice(equals + 1))
      if (value && qualifierKey.test(key)) qualifiers.set(key, value)
    }
    rest = rest.slice(0, question)
  }
  const slash = rest.indexOf('/')
  if (slash <= 0) return undefined
  const type = rest.slice(0, slash).toLowerCase()
  if (!/^[a-z][a-z0-9.+-]*$/.test(type)) return undefined
  rest = rest.slice(slash + 1)
  let version: string | undefined
  // A scope's raw `@` (pkg:npm/@angular/core) starts the path and separates no version.
  const at = rest.lastIndexOf('@')
  if (at >= 0 && !rest.slice(at).includes('/')) {
    version = decode(rest.slice(at + 1))
    rest = rest.slice(0, at)
    // A version of nothing, or one that cannot be told.
    if (rest === '' || rest.endsWith('/') || version === undefined) return undefined
  }
  const parts = rest.split('/').filter(Boolean).map(decode)
  if (parts.some((part) => part === undefined)) return undefined
  const name = parts.pop()
  if (!name) return undefined
  const namespace = parts.join('/')
  const spelling = spellings.get(type)
  return {
    type,
    ...(namespace ? { namespace: spelling?.namespace?.(namespace) ?? namespace } : {}),
    name: spelling?.name?.(name) ?? name,
    ...(version ? { version } : {}),
    qualifiers: Object.fromEntries(qualifiers),
    ...(subpath ? { subpath } : {}),
  }
}

/** Whether the inventory can hold packages of this purl type. */
export function isPackageType(type: string): type is PackageType {
  return (packageTypes as readonly string[]).includes(type)
}

/** PEP 503: runs of `-`, `_` and `.` become one `-`, lower case. https://peps.python.org/pep-0503/#normalized-names */
export function normalizePypiName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase()
}

/**
 * The purl of a package in an image. Distribution packages take the distribution's id as namespace and `distro` as
 * qualifier; an rpm's epoch moves to the qualifier that purl prescribes.
 */
export function purlOf(facts: PackageFacts, distribution?: Distribution): string {
  const qualifiers: Record<string, string> = { ...facts.qualifiers }
  const { name } = facts
  let { namespace, version } = facts
  if (facts.arch) qualifiers['arch'] = facts.arch
  if (distributionTypes.has(facts.type)) {
    namespace ??= distribution?.id ?? (facts.type === 'alpm' ? 'arch' : undefined)
    if (distribution) qualifiers['distro'] ??= distributionQualifier(distribution)
    // The source is part of what advisories are matched by, so a list made from purls alone must carry it.
    if (facts.source && (facts.source.name !== name || (facts.source.version ?? version) !== version)) {
      qualifiers['upstream'] ??= facts.source.version
        ? `${facts.source.name}@${facts.source.version}`
        : facts.source.name
    }
    if (facts.module) qualifiers['rpmmod'] ??= facts.module
  }
  if (facts.type === 'rpm') {
    const colon = version.indexOf(':')
    if (colon > 0) {
      qualifiers['epoch'] = version.slice(0, colon)
      version = version.slice(colon + 1)
    }
  }
  return formatPurl({ type: facts.type, namespace, name, version, qualifiers, subpath: facts.subpath })
}
