import type { ReportSet } from '@lanner/model'
import { writeCycloneDx } from './cyclonedx/write.ts'
import { DocumentFault } from './document-fault.ts'
import { type DocumentFormat, documentFormats } from './formats.ts'
import { writeReport } from './json/write.ts'
import { writeSarif } from './sarif/write.ts'
import { writeSpdx } from './spdx/write.ts'

const writers: Readonly<Record<DocumentFormat, (set: ReportSet) => object>> = {
  json: writeReport,
  cyclonedx: writeCycloneDx,
  spdx: writeSpdx,
  sarif: writeSarif,
}

/**
 * The report set as indented JSON with a final newline: `json` (our own schema), `cyclonedx` (1.6), `spdx` (2.3) or
 * `sarif` (2.1.0). The same set gives the same text. Throws DocumentFault `unsupported` for any other format.
 */
export function writeDocument(format: string, set: ReportSet): string {
  return `${JSON.stringify(documentOf(format, set), null, 2)}\n`
}

/** What `writeDocument` gives the text of: plain JSON, for whoever writes it himself. */
export function documentOf(format: string, set: ReportSet): object {
  if (!isDocumentFormat(format))
    throw new DocumentFault(
      'unsupported',
      `cannot write ${format}; the formats are ${documentFormats.join(', ')}`,
    )
  return writers[format](set)
}

function isDocumentFormat(format: string): format is DocumentFormat {
  return (documentFormats as readonly string[]).includes(format)
}
