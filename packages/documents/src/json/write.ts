import type { ReportSet } from '@lanner/model'
import { reportRoot, reportSchemaId } from './schema.ts'
import { inSchemaOrder } from './shape.ts'

/** The whole report set by our own schema: every field, in the schema's order. */
export function writeReport(set: ReportSet): object {
  return inSchemaOrder({ schema: reportSchemaId, ...set }, reportRoot) as object // As it was given.
}
