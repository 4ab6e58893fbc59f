import { readCycloneDx } from './cyclonedx/read.ts'
import { DocumentFault } from './document-fault.ts'
import type { DocumentInventory } from './inventory.ts'
import { readReport } from './json/read.ts'
import { limits } from './limits.ts'
import { quoted } from './printable.ts'
import { readSpdx } from './spdx/read.ts'
import { parseTagValue } from './spdx/tag-value.ts'
import { field, isObject, objectField, textField, textsOf, type Untrusted } from './untrusted.ts'

/**
 * The inventory that a document states: CycloneDX JSON 1.2 to 1.7, SPDX 2.2 and 2.3 as JSON or tag-value, and our own
 * JSON report; also inside an in-toto statement. Throws DocumentFault.
 */
export function readDocument(text: string): DocumentInventory {
  if (text.length > limits.document)
    throw new DocumentFault(
      'limit-exceeded',
      `the document has ${text.length} characters; at most ${limits.document} are read`,
    )
  const start = /[^\s\uFEFF]/.exec(text)
  if (!start) throw new DocumentFault('malformed', 'the document is empty')
  const body = start.index > 0 ? text.slice(start.index) : text
  if (body.startsWith('{')) return readJson(parseJson(body))
  if (body.startsWith('<')) throw markup(body.slice(0, 4096))
  if (/^(?:#[^\n]*\n\s*){0,100}SPDXVersion\s*:/.test(body.slice(0, 65_536)))
    return readSpdx(parseTagValue(body))
  if (/^(?:---\s*)?(?:spdxVersion|SPDXID)\s*:/m.test(body.slice(0, 4096)))
    throw new DocumentFault('unsupported', 'the document is SPDX in YAML; JSON and tag-value are read')
  throw new DocumentFault(
    'malformed',
    'the document is neither CycloneDX JSON nor SPDX (JSON or tag-value) nor a report of ours',
  )
}

function parseJson(text: string): Untrusted {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw new DocumentFault(
      'malformed',
      `the document starts like JSON and is none: ${quoted(error instanceof Error ? error.message : String(error), 200)}`,
    )
  }
  if (!isObject(document)) throw new DocumentFault('malformed', 'the document is no JSON object')
  return document
}

function readJson(document: Untrusted, inside = false): DocumentInventory {
  if (field(document, 'bomFormat') === 'CycloneDX') return readCycloneDx(document)
  if (textField(document, 'spdxVersion')) return readSpdx(document)
  if (textField(document, 'schema')?.startsWith('lanner.report/')) return readReport(document)
  const context = textField(document, '@context') ?? textsOf(document, '@context').join(' ')
  if (context.includes('spdx.org/rdf/3'))
    throw new DocumentFault('unsupported', 'the document is SPDX 3; SPDX 2.2 and 2.3 are read')
  const predicate = objectField(document, 'predicate')
  if (predicate && textField(document, '_type')?.startsWith('https://in-toto.io/Statement/') && !inside)
    return readJson(predicate, true)
  if (textField(document, 'payloadType') && textField(document, 'payload'))
    throw new DocumentFault(
      'unsupported',
      'the document is a signed envelope (DSSE); verify it and pass the statement inside it',
    )
  if (field(document, 'SchemaVersion') !== undefined && field(document, 'ArtifactName') !== undefined)
    throw new DocumentFault(
      'unsupported',
      'the document is a report of Trivy; its CycloneDX and SPDX are read',
    )
  if (field(document, 'artifacts') !== undefined && field(document, 'descriptor') !== undefined)
    throw new DocumentFault('unsupported', 'the document is Syft’s own JSON; its CycloneDX and SPDX are read')
  throw new DocumentFault(
    'malformed',
    'the document is JSON, but neither CycloneDX (`bomFormat`) nor SPDX (`spdxVersion`) nor a report of ours (`schema`)',
  )
}

function markup(start: string): DocumentFault {
  if (/cyclonedx\.org\/schema\/bom/i.test(start))
    return new DocumentFault('unsupported', 'the document is CycloneDX in XML; CycloneDX in JSON is read')
  if (/spdx\.org\/rdf/i.test(start))
    return new DocumentFault(
      'unsupported',
      'the document is SPDX in RDF/XML; SPDX as JSON or tag-value is read',
    )
  return new DocumentFault('malformed', 'the document is XML or HTML; CycloneDX and SPDX are read as JSON')
}
