export { DocumentFault } from './document-fault.ts'
export { type DocumentFormat, documentFormats } from './formats.ts'
export type { DocumentInventory } from './inventory.ts'
export { reportSchemaPage } from './json/page.ts'
export { reportSchema, reportSchemaId } from './json/schema.ts'
export { readDocument } from './read-document.ts'
export { readVex } from './vex/read.ts'
export {
  type VexDocument,
  type VexImage,
  type VexJustification,
  type VexProduct,
  type VexStatement,
  type VexStatus,
  type VexThing,
  vexJustifications,
  vexLimits,
  vexStatuses,
} from './vex/statement.ts'
export {
  openVexDocument,
  type WrittenVex,
  type WrittenVexProduct,
  type WrittenVexStatement,
} from './vex/write-openvex.ts'
export { documentOf, writeDocument } from './write-document.ts'
