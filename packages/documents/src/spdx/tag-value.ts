import { DocumentFault } from '../document-fault.ts'
import { limits } from '../limits.ts'
import { quoted } from '../printable.ts'
import type { Untrusted } from '../untrusted.ts'

interface Fields {
  [name: string]: unknown
}

/** Tags of a package that are fields of the JSON form under another name. */
const packageFields: ReadonlyMap<string, string> = new Map([
  ['SPDXID', 'SPDXID'],
  ['PackageVersion', 'versionInfo'],
  ['PackageSupplier', 'supplier'],
  ['PackageOriginator', 'originator'],
  ['PackageLicenseDeclared', 'licenseDeclared'],
  ['PackageLicenseConcluded', 'licenseConcluded'],
  ['PackageSourceInfo', 'sourceInfo'],
  ['PrimaryPackagePurpose', 'primaryPackagePurpose'],
])

/** Tags that begin another kind of element, so that the package before them is complete. */
const others = new Set(['FileName', 'SnippetSPDXID', 'LicenseID', 'Reviewer'])

/**
 * An SPDX tag-value document as the object that the JSON form would be, as far as packages need it. A line is
 * `Tag: value`; a value between `<text>` and `</text>` may span lines. https://spdx.github.io/spdx-spec/v2.3/
 */
export function parseTagValue(text: string): Untrusted {
  const packages: Fields[] = []
  const relationships: Fields[] = []
  const licenses: Fields[] = []
  const comments = new Map<string, Fields[]>()
  const document: Fields = Object.create(null)
  let pack: Fields | undefined
  let license: Fields | undefined
  let comment: string | undefined
  for (const [tag, value] of tags(text)) {
    if (tag === 'PackageName') {
      if (packages.length >= limits.components)
        throw new DocumentFault(
          'limit-exceeded',
          `the document lists more than ${limits.components} packages; no more are read`,
        )
      license = undefined
      packages.push((pack = { name: value, externalRefs: [], annotations: [], attributionTexts: [] }))
      continue
    }
    if (others.has(tag)) {
      pack = undefined
      license = tag === 'LicenseID' ? { licenseId: value } : undefined
      if (license) licenses.push(license)
    } else if (tag === 'Relationship') {
      const [from, type, to] = value.split(/\s+/)
      relationships.push({ spdxElementId: from, relationshipType: type, relatedSpdxElement: to })
    } else if (tag === 'AnnotationComment') comment = value
    else if (tag === 'SPDXREF') {
      if (comment !== undefined) push(listOf(comments, value), { comment })
      comment = undefined
    } else if (license) {
      if (tag === 'ExtractedText') license['extractedText'] = value
      if (tag === 'LicenseName') license['name'] = value
    } else if (pack) addToPackage(pack, tag, value)
    else if (tag === 'SPDXVersion') document['spdxVersion'] = value
    else if (tag === 'DocumentName') document['name'] = value
  }
  for (const entry of packages) {
    const found = comments.get(String(entry['SPDXID']))
    if (found) entry['annotations'] = found
  }
  return { ...document, packages, relationships, hasExtractedLicensingInfos: licenses }
}

function addToPackage(pack: Fields, tag: string, value: string): void {
  const name = packageFields.get(tag)
  if (name) {
    pack[name] ??= value
    return
  }
  if (tag === 'PackageAttributionText') push(pack['attributionTexts'], value)
  if (tag !== 'ExternalRef') return
  const [referenceCategory, referenceType, referenceLocator] = value.split(/\s+/)
  push(pack['externalRefs'], { referenceCategory, referenceType, referenceLocator })
}

/** The list of a key, made when it is asked for first. */
function listOf(lists: Map<string, Fields[]>, key: string): Fields[] {
  let list = lists.get(key)
  if (!list) lists.set(key, (list = []))
  return list
}

function push(list: unknown, item: unknown): void {
  if (Array.isArray(list) && list.length < limits.list) list.push(item)
}

/** The tags of a document in their order; a line that is no tag is left out. */
function* tags(text: string): Generator<readonly [tag: string, value: string]> {
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const line = text.slice(start, end).trim()
    const lineStart = start
    start = end + 1
    const colon = line.indexOf(':')
    if (colon <= 0 || line.startsWith('#')) continue
    const value = line.slice(colon + 1).trim()
    if (!value.startsWith('<text>')) {
      yield [line.slice(0, colon), value]
      continue
    }
    const from = text.indexOf('<text>', lineStart) + '<text>'.length
    const to = text.indexOf('</text>', from)
    if (to < 0)
      throw new DocumentFault(
        'malformed',
        `a text of the tag ${quoted(line.slice(0, colon), 80)} does not end`,
      )
    yield [line.slice(0, colon), text.slice(from, to)]
    const after = text.indexOf('\n', to)
    start = after < 0 ? text.length : after + 1
  }
}
