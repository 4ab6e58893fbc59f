import { namedDistribution } from '../distribution-of.ts'
import { DocumentFault } from '../document-fault.ts'
import { placed } from '../foreign.ts'
import { combineSubjects, type DocumentInventory } from '../inventory.ts'
import { licensesOfDeclared, statedOf } from '../licenses/spdx.ts'
import { limits } from '../limits.ts'
import { ListedPackages } from '../listed-packages.ts'
import { quoted } from '../printable.ts'
import { subjectOfProperties } from '../subject-properties.ts'
import { field, isObject, objectsOf, textField, textsOf, type Untrusted } from '../untrusted.ts'
import { propertiesOfComments } from './annotation.ts'

interface Subject {
  readonly packages: ListedPackages
  readonly known: Omit<DocumentInventory, 'packages'> | undefined
  readonly reference: string | undefined
}

/** The packages of an SPDX 2.2 or 2.3 document, ours or another tool's. https://spdx.github.io/spdx-spec/v2.3/ */
export function readSpdx(document: Untrusted): DocumentInventory {
  const version = textField(document, 'spdxVersion')
  if (version !== 'SPDX-2.2' && version !== 'SPDX-2.3')
    throw new DocumentFault(
      'unsupported',
      `the document is ${quoted(version ?? 'SPDX of no stated version', 40)}; SPDX-2.2 and SPDX-2.3 are read`,
    )
  const list = field(document, 'packages') ?? []
  if (!Array.isArray(list))
    throw new DocumentFault('malformed', 'the `packages` of the SPDX document are no list')
  if (list.length > limits.components)
    throw new DocumentFault(
      'limit-exceeded',
      `the document lists more than ${limits.components} packages; no more are read`,
    )
  const entries = list.filter(isObject)
  const relationships = objectsOf(document, 'relationships', limits.components * 4)
  const described = describedBy(document, relationships)
  const root: Subject = {
    packages: new ListedPackages(layersOf(entries, described)),
    known: undefined,
    reference: referenceOf(document, entries, described),
  }
  const own = new Map<string, Subject>()
  const containers = new Set<Untrusted>()
  for (const entry of entries) {
    const id = textField(entry, 'SPDXID')
    if (!id || !described.has(id)) continue
    const known = subjectOfProperties(propertiesOfComments(commentsOf(entry)))
    if (known) own.set(id, { packages: new ListedPackages(), known, reference: known.reference })
    if (known || isSubject(entry, described)) containers.add(entry)
  }
  const subjectOfId = new Map<string, Subject>()
  for (const relationship of relationships) {
    const subject = own.get(textField(relationship, 'spdxElementId') ?? '')
    const related = textField(relationship, 'relatedSpdxElement')
    if (subject && related && textField(relationship, 'relationshipType') === 'CONTAINS')
      subjectOfId.set(related, subject)
  }
  const texts = new Map(
    objectsOf(document, 'hasExtractedLicensingInfos', limits.components).flatMap((info) => {
      const licenseId = textField(info, 'licenseId')
      const extractedText = textField(info, 'extractedText')
      const name = textField(info, 'name')
      if (!licenseId || !extractedText) return []
      return [[licenseId, statedOf({ licenseId, extractedText, ...(name ? { name } : {}) })] as const]
    }),
  )
  for (const entry of entries) {
    if (containers.has(entry)) continue
    const subject = subjectOfId.get(textField(entry, 'SPDXID') ?? '') ?? own.values().next().value ?? root
    addPackage(entry, subject.packages, texts)
  }
  const subjects = own.size > 0 ? [...own.values()] : [root]
  return combineSubjects(
    subjects.map(({ packages, known, reference }) => packages.inventory(known, reference)),
    textField(document, 'name'),
  )
}

/** Ids of what the document says it is about. */
function describedBy(document: Untrusted, relationships: readonly Untrusted[]): ReadonlySet<string> {
  const ids = new Set(textsOf(document, 'documentDescribes'))
  for (const relationship of relationships) {
    const type = textField(relationship, 'relationshipType')
    const from = textField(relationship, 'spdxElementId')
    const to = textField(relationship, 'relatedSpdxElement')
    if (type === 'DESCRIBES' && from === 'SPDXRef-DOCUMENT' && to) ids.add(to)
    if (type === 'DESCRIBED_BY' && to === 'SPDXRef-DOCUMENT' && from) ids.add(from)
  }
  return ids
}

/** Documents of package lists describe their packages; an image or a lone root is what holds them. */
function isSubject(entry: Untrusted, described: ReadonlySet<string>): boolean {
  const purpose = textField(entry, 'primaryPackagePurpose')
  return purpose === 'CONTAINER' || purpose === 'SOURCE' || (described.size === 1 && !purlOf(entry))
}

function referenceOf(
  document: Untrusted,
  entries: readonly Untrusted[],
  described: ReadonlySet<string>,
): string | undefined {
  const subject = entries.find((entry) => described.has(textField(entry, 'SPDXID') ?? ''))
  return described.size === 1 && subject ? textField(subject, 'name') : textField(document, 'name')
}

/** The diff ids of the image's layers, base first, as Trivy lists them. */
function layersOf(
  entries: readonly Untrusted[],
  described: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const image = entries.find((entry) => described.has(textField(entry, 'SPDXID') ?? ''))
  const texts = image ? [...textsOf(image, 'attributionTexts'), ...commentsOf(image)] : []
  const diffIds = texts.flatMap((text) => /^DiffID: (?<digest>\S+)$/.exec(text)?.groups?.['digest'] ?? [])
  return new Map(diffIds.map((diffId, index) => [diffId, index]))
}

function addPackage(entry: Untrusted, packages: ListedPackages, texts: ReadonlyMap<string, string>): void {
  const name = textField(entry, 'name')
  if (!name) return
  const version = textField(entry, 'versionInfo')
  const purpose = textField(entry, 'primaryPackagePurpose')
  // SPDX 2.2 has no purposes; Trivy says it in the id.
  const system = textField(entry, 'SPDXID')?.startsWith('SPDXRef-OperatingSystem-') && !purlOf(entry)
  if (purpose === 'OPERATING-SYSTEM' || purpose === 'OPERATING_SYSTEM' || system) {
    packages.addDistribution(namedDistribution(name, version))
    return
  }
  const purl = purlOf(entry)
  const attributes = attributesOf(entry)
  const vendor = actorOf(textField(entry, 'supplier')) ?? actorOf(textField(entry, 'originator'))
  const declared = licensesOfDeclared(textField(entry, 'licenseDeclared'), texts)
  const licenses =
    declared.length > 0 ? declared : licensesOfDeclared(textField(entry, 'licenseConcluded'), texts)
  packages.add({
    ...(purl ? { purl } : {}),
    name,
    ...(version ? { version } : {}),
    licenses,
    ...(vendor ? { vendor } : {}),
    properties: attributes,
    software:
      purpose !== 'FILE' &&
      purpose !== 'SOURCE' &&
      purpose !== 'CONTAINER' &&
      !attributes.has('aquasecurity:trivy:Class'),
  })
}

function purlOf(entry: Untrusted): string | undefined {
  const reference = objectsOf(entry, 'externalRefs').find(
    (item) => textField(item, 'referenceType') === 'purl',
  )
  return reference && textField(reference, 'referenceLocator')
}

function commentsOf(entry: Untrusted): readonly string[] {
  return objectsOf(entry, 'annotations').flatMap((annotation) => {
    const comment = field(annotation, 'comment')
    // Ours hold whole lists; each value in them is bounded when it is read.
    return typeof comment === 'string' ? [comment] : []
  })
}

/**
 * What tools say of a package where SPDX has no field: ours in an annotation; Trivy's `LayerDiffID: …` as attribution texts
 * or annotations, and its source package in `sourceInfo`; Syft's evidence files there too.
 */
function attributesOf(entry: Untrusted): ReadonlyMap<string, readonly string[]> {
  const comments = commentsOf(entry)
  const own = propertiesOfComments(comments)
  if (own.size > 0) return own
  const found = new Map<string, readonly string[]>()
  for (const text of [...textsOf(entry, 'attributionTexts'), ...comments]) {
    const pair = /^(?<name>PkgID|PkgType|LayerDiffID|LayerDigest|FilePath|Class|Type): (?<value>\S.*)$/.exec(
      text,
    )?.groups
    if (pair) found.set(`aquasecurity:trivy:${pair['name']}`, [pair['value']])
  }
  const sourceInfo = textField(entry, 'sourceInfo')
  const built = /^built package from: (?<name>\S+)(?: (?<version>\S+))?$/.exec(sourceInfo ?? '')?.groups
  if (built) {
    found.set('aquasecurity:trivy:SrcName', [built['name']])
    if (built['version']) found.set('aquasecurity:trivy:SrcVersion', [built['version']])
  }
  const acquired = /^ac?quired package info from [^:]{1,100}: (?<paths>.+)$/.exec(sourceInfo ?? '')?.groups
  acquired?.['paths']
    .split(', ')
    .slice(0, limits.list)
    .forEach((path, index) => {
      found.set(`syft:location:${index}:path`, [placed(path, '', new Map(), 'syft').path])
    })
  return found
}

function actorOf(text: string | undefined): string | undefined {
  return /^(?:Organization|Person): (?<name>\S.*)$/s.exec(text ?? '')?.groups?.['name']
}
