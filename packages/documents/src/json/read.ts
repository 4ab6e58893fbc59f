import type { AssessmentReason, Distribution, ImageFacts, Package } from '@lanner/model'
import { DocumentFault } from '../document-fault.ts'
import { combineSubjects, type DocumentInventory, inventoryReasons } from '../inventory.ts'
import { quoted } from '../printable.ts'
import { field, isObject, textField, type Untrusted } from '../untrusted.ts'
import { reportParts, reportSchemaId } from './schema.ts'
import { texts } from './schema-node.ts'
import { shaped } from './shape.ts'

/** The inventory of our own JSON report. Its findings are not read: they are what an assessment finds again. */
export function readReport(document: Untrusted): DocumentInventory {
  if (field(document, 'schema') !== reportSchemaId)
    throw new DocumentFault(
      'unsupported',
      `the report follows ${quoted(textField(document, 'schema') ?? 'no schema', 80)}; only ${reportSchemaId} is read`,
    )
  const reports = field(document, 'reports')
  if (!Array.isArray(reports)) throw new DocumentFault('malformed', 'the report has no list `reports`')
  const subjects = reports.map((report, index) => subjectOf(report, `reports[${index}]`))
  return combineSubjects(subjects, textField(document, 'reference'))
}

function subjectOf(report: unknown, where: string): DocumentInventory {
  if (!isObject(report)) throw new DocumentFault('malformed', `${where} is not an object`)
  const { image, distribution, reason, package: pack } = reportParts
  const part = (name: string) => field(report, name) ?? undefined
  const reference = textField(report, 'reference')
  return {
    ...(reference ? { reference } : {}),
    ...(part('image') ? { image: shaped<ImageFacts>(part('image'), image, `${where}.image`) } : {}),
    ...(part('distribution')
      ? { distribution: shaped<Distribution>(part('distribution'), distribution, `${where}.distribution`) }
      : {}),
    packages: shaped<Package[]>(part('packages'), { type: 'array', items: pack }, `${where}.packages`),
    repositoryCpes: shaped<string[]>(part('repositoryCpes') ?? [], texts(''), `${where}.repositoryCpes`),
    reasons: inventoryReasons(
      shaped<AssessmentReason[]>(part('reasons') ?? [], { type: 'array', items: reason }, `${where}.reasons`),
    ),
  }
}
