import { DocumentFault } from '../document-fault.ts'
import { writeJunit } from './junit.ts'
import { writeMarkdown } from './markdown.ts'
import { writeGateSarif } from './sarif.ts'
import type { GateReport } from './verdict.ts'

const writers: Readonly<Record<string, (report: GateReport) => string>> = {
  junit: writeJunit,
  markdown: writeMarkdown,
  sarif: (report) => `${JSON.stringify(writeGateSarif(report), null, 2)}\n`,
}

/**
 * A gate's result as `sarif` (2.1.0), `junit` (XML) or `markdown` (GitHub-flavoured). The same result gives the same text.
 * Throws DocumentFault `unsupported` for any other format.
 */
export function writeGate(format: string, report: GateReport): string {
  const write = Object.hasOwn(writers, format) ? writers[format] : undefined
  if (!write)
    throw new DocumentFault(
      'unsupported',
      `cannot write ${format}; the formats are ${Object.keys(writers).join(', ')}`,
    )
  return write(report)
}
