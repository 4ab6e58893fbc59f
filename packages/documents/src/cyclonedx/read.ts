import type { Distribution } from '@lanner/model'
import { namedDistribution } from '../distribution-of.ts'
import { DocumentFault } from '../document-fault.ts'
import { combineSubjects, type DocumentInventory } from '../inventory.ts'
import { readLicenses } from '../licenses/cyclonedx.ts'
import { limits } from '../limits.ts'
import { ListedPackages } from '../listed-packages.ts'
import { propertiesOf } from '../named-values.ts'
import { quoted } from '../printable.ts'
import { subjectOfProperties } from '../subject-properties.ts'
import { field, isObject, objectField, objectsOf, textField, type Untrusted } from '../untrusted.ts'

const versions = new Set(['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'])
/** Component types that are software; others (files, data, devices, cryptographic assets) are no packages. */
const software = new Set(['library', 'framework', 'application', 'platform'])

interface Subject {
  readonly packages: ListedPackages
  readonly known: Omit<DocumentInventory, 'packages'> | undefined
  readonly reference: string | undefined
}

interface Waiting {
  readonly components: readonly unknown[]
  readonly depth: number
  readonly subject: Subject
}

/**
 * The packages of a CycloneDX JSON document, ours or another tool's, components within components included. Each
 * container that one of our documents nests is a subject of its own. https://cyclonedx.org/docs/1.6/json/
 */
export function readCycloneDx(document: Untrusted): DocumentInventory {
  const version = textField(document, 'specVersion')
  if (version === undefined || !versions.has(version))
    throw new DocumentFault(
      'unsupported',
      `the document is CycloneDX ${quoted(version ?? 'of no stated version', 40)}; 1.2 to 1.7 are read`,
    )
  const metadata = objectField(document, 'metadata') ?? {}
  const main = objectField(metadata, 'component')
  const root = main
    ? subjectOf(main)
    : { packages: new ListedPackages(), known: undefined, reference: undefined }
  const subjects = [root]
  // A stack of lists, not recursion: a hostile document nests as deep as it likes.
  const waiting: Waiting[] = [
    { components: listOf(document, 'components'), depth: 1, subject: root },
    ...(main ? [{ components: listOf(main, 'components'), depth: 2, subject: root }] : []),
  ]
  let count = 0
  for (let next = waiting.shift(); next; next = waiting.pop()) {
    const { components, depth, subject } = next
    if (depth > limits.depth)
      throw new DocumentFault(
        'limit-exceeded',
        `components are nested more than ${limits.depth} deep; no such document is read`,
      )
    count += components.length
    if (count > limits.components)
      throw new DocumentFault(
        'limit-exceeded',
        `the document lists more than ${limits.components} components; no more are read`,
      )
    for (const component of components) {
      if (!isObject(component)) continue
      let owner = subject
      if (field(component, 'type') === 'container' && propertiesOf(component).has('lanner:reference')) {
        owner = subjectOf(component)
        subjects.push(owner)
      } else addComponent(component, subject.packages)
      const nested = listOf(component, 'components')
      if (nested.length > 0) waiting.push({ components: nested, depth: depth + 1, subject: owner })
    }
  }
  const [first, ...others] = subjects
  const described = others.length > 0 ? others : [first]
  return combineSubjects(
    described.map(({ packages, known, reference }) => packages.inventory(known, reference)),
    first.reference,
  )
}

function subjectOf(component: Untrusted): Subject {
  const properties = propertiesOf(component)
  const layers = new Map(
    (properties.get('aquasecurity:trivy:DiffID') ?? []).map((diffId, index) => [diffId, index]),
  )
  const known = subjectOfProperties(properties)
  return {
    packages: new ListedPackages(layers),
    known,
    reference: known?.reference ?? textField(component, 'name'),
  }
}

function addComponent(component: Untrusted, packages: ListedPackages): void {
  const type = textField(component, 'type') ?? 'library'
  const name = textField(component, 'name')
  const version = textField(component, 'version')
  const properties = propertiesOf(component)
  if (type === 'operating-system') {
    if (name) packages.addDistribution(distributionOf(name, version, properties))
    return
  }
  const purl = textField(component, 'purl')
  if (!name && !purl) return
  const group = textField(component, 'group')
  const vendor =
    textField(objectField(component, 'supplier') ?? {}, 'name') ?? textField(component, 'publisher')
  packages.add({
    ...(purl ? { purl } : {}),
    name: name && group && !purl && !name.includes('/') ? `${group}/${name}` : (name ?? ''),
    ...(version ? { version } : {}),
    licenses: readLicenses(component),
    ...(vendor ? { vendor } : {}),
    properties,
    places: placesOf(component),
    // Trivy lists the lock files that it read as applications.
    software: software.has(type) && !properties.has('aquasecurity:trivy:Class'),
  })
}

function placesOf(component: Untrusted): readonly string[] {
  const evidence = objectField(component, 'evidence')
  if (!evidence) return []
  return objectsOf(evidence, 'occurrences').flatMap((occurrence) => textField(occurrence, 'location') ?? [])
}

function distributionOf(
  name: string,
  version: string | undefined,
  properties: ReadonlyMap<string, readonly string[]>,
): Distribution {
  const one = (key: string) => properties.get(`syft:distro:${key}`)?.[0]
  const codename = one('versionCodename')
  const prettyName = one('prettyName')
  const like = [...properties].flatMap(([key, [value]]) =>
    key.startsWith('syft:distro:idLike:') ? [value] : [],
  )
  return namedDistribution(one('id') ?? name, one('versionID') ?? version, {
    like,
    ...(codename ? { codename } : {}),
    ...(prettyName ? { name: prettyName } : {}),
  })
}

function listOf(object: Untrusted, name: string): readonly unknown[] {
  const value = field(object, name)
  return Array.isArray(value) ? value : []
}
