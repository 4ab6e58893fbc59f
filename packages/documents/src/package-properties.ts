import {
  type Confidence,
  isPackageType,
  type Package,
  type PackageFacts,
  type PackageLocation,
} from '@lanner/model'
import { limits } from './limits.ts'

/** A name and a value, as CycloneDX has them on most of its objects; a name may occur several times. */
export interface Property {
  readonly name: string
  readonly value: string
}

const prefix = 'lanner:package:'
const textFields = [
  'name',
  'version',
  'namespace',
  'arch',
  'module',
  'vendor',
  'subpath',
  'inner',
  'owner',
] as const
const removable = [
  'namespace',
  'arch',
  'source',
  'licenses',
  'module',
  'vendor',
  'qualifiers',
  'subpath',
] as const

/**
 * What of a package a reader would not get from the document's own fields (`derived`): the difference, as properties
 * `lanner:package:…`. The confidence is always there, which tells a reader that the rest is complete.
 */
export function packageProperties(pack: Package, derived: Package | undefined): Property[] {
  const properties: Property[] = [{ name: `${prefix}confidence`, value: pack.confidence }]
  const add = (name: string, value: string) => properties.push({ name: prefix + name, value })
  if (!derived) add('type', pack.type)
  for (const name of textFields) {
    const value = pack[name]
    if (value !== undefined && value !== derived?.[name]) add(name, value)
  }
  if (pack.source && !sameSource(pack.source, derived?.source)) {
    add('source:name', pack.source.name)
    if (pack.source.version) add('source:version', pack.source.version)
  }
  if (pack.licenses && !sameTexts(pack.licenses, derived?.licenses))
    for (const license of pack.licenses) add('license', license)
  if (pack.qualifiers && !sameMap(pack.qualifiers, derived?.qualifiers)) {
    for (const [key, value] of Object.entries(pack.qualifiers)) add(`qualifier:${key}`, value)
  }
  if (pack.development !== undefined) add('development', String(pack.development))
  for (const name of removable) {
    if (isEmpty(pack[name]) && !isEmpty(derived?.[name])) add('absent', name)
  }
  for (const { path, layer, layerIndex, extractor } of pack.locations)
    add('location', `${layerIndex} ${layer || '-'} ${extractor || '-'} ${path}`)
  return properties
}

/** The package that `packageProperties` described; undefined when the properties are not ours. */
export function packageOfProperties(
  properties: ReadonlyMap<string, readonly string[]>,
  derived: Package | undefined,
  purl: string,
): Package | undefined {
  const all = (name: string) => properties.get(prefix + name) ?? []
  const one = (name: string) => all(name)[0]
  const confidence = one('confidence')
  if (!isConfidence(confidence)) return undefined
  const type = derived?.type ?? one('type')
  const name = one('name') ?? derived?.name
  if (!type || !isPackageType(type) || !name) return undefined
  const absent = new Set(all('absent'))
  const kept = Object.fromEntries(
    Object.entries(derived ?? {}).filter(([key]) => !absent.has(key)),
  ) as Partial<Package>
  const sourceName = one('source:name')
  const sourceVersion = one('source:version')
  const qualifiers = [...properties].flatMap(([key, [value]]) =>
    key.startsWith(`${prefix}qualifier:`) ? [[key.slice(prefix.length + 'qualifier:'.length), value]] : [],
  )
  const development = one('development')
  return {
    ...kept,
    ...Object.fromEntries(textFields.flatMap((key) => (one(key) === undefined ? [] : [[key, one(key)]]))),
    ...(sourceName
      ? { source: { name: sourceName, ...(sourceVersion ? { version: sourceVersion } : {}) } }
      : {}),
    ...(all('license').length > 0 ? { licenses: all('license') } : {}),
    ...(qualifiers.length > 0 ? { qualifiers: Object.fromEntries(qualifiers) } : {}),
    ...(development === undefined ? {} : { development: development === 'true' }),
    type,
    name,
    version: one('version') ?? derived?.version ?? '',
    confidence,
    purl,
    locations: all('location').slice(0, limits.list).flatMap(locationOf),
  }
}

function locationOf(value: string): PackageLocation[] {
  const found = /^(?<index>-?\d{1,9}) (?<layer>\S+) (?<extractor>\S+) (?<path>.*)$/s.exec(value)?.groups
  if (!found) return []
  const blank = (word: string) => (word === '-' ? '' : word)
  return [
    {
      path: found['path'],
      layer: blank(found['layer']),
      layerIndex: Number(found['index']),
      extractor: blank(found['extractor']),
    },
  ]
}

function isConfidence(word: string | undefined): word is Confidence {
  return word === 'declared' || word === 'embedded' || word === 'inferred' || word === 'matched'
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return false
}

function sameSource(a: PackageFacts['source'], b: PackageFacts['source']): boolean {
  return a?.name === b?.name && a?.version === b?.version
}

function sameTexts(a: readonly string[], b: readonly string[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((item, index) => item === b[index])
}

function sameMap(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>> | undefined,
): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b ?? {}).length && keys.every((key) => a[key] === b?.[key])
}
