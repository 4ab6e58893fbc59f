export type { RebuildProgress, SourceReport } from './compile/rebuild.ts'
export { AdvisoryFault, type AdvisoryFaultCode } from './fault.ts'
export { type ImportOptions, type ImportReport, importAdvisories } from './import.ts'
export { type AdvisoryStore, openStore, storeRevision } from './store/open.ts'
