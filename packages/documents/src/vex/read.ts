import { DocumentFault } from '../document-fault.ts'
import { field, isObject, objectField, textField, textsOf, type Untrusted } from '../untrusted.ts'
import { readCsafVex } from './csaf.ts'
import { readCycloneDxVex } from './cyclonedx.ts'
import { openVexContext, readOpenVex } from './openvex.ts'
import type { VexDocument } from './statement.ts'

/**
 * Reads a VEX document that was parsed from JSON: OpenVEX 0.2.0, CycloneDX 1.4 to 1.7 with analyses, CSAF 2.0 of the VEX
 * profile; also inside an in-toto statement. Throws DocumentFault.
 */
export function readVex(document: unknown): VexDocument {
  if (!isObject(document)) throw new DocumentFault('malformed', 'the VEX document is no JSON object')
  return readKind(unwrapped(document))
}

function readKind(document: Untrusted): VexDocument {
  const context = textField(document, '@context') ?? textsOf(document, '@context').join(' ')
  if (context.startsWith(openVexContext)) return readOpenVex(document)
  if (field(document, 'bomFormat') === 'CycloneDX') return readCycloneDxVex(document)
  if (textField(objectField(document, 'document') ?? {}, 'csaf_version')) return readCsafVex(document)
  throw new DocumentFault(
    'malformed',
    'the document is neither OpenVEX (`@context` of openvex.dev) nor CycloneDX (`bomFormat`) nor CSAF (`document.csaf_version`)',
  )
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
function unwrapped(document: Untrusted): Untrusted {
  if (textField(document, 'payloadType') && textField(document, 'payload'))
    throw new DocumentFault(
      'unsupported',
      'the document is a signed envelope (DSSE); verify it and pass the statement inside it',
    )
  const predicate = objectField(document, 'predicate')
  const wrapped = textField(document, '_type')?.startsWith('https://in-toto.io/Statement/')
  return wrapped && predicate ? predicate : document
}
