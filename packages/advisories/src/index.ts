export type { RebuildProgress } from './compile/rebuild.ts'
export type { SourceReport } from './compile/rebuild-report.ts'
export {
  type ApplyOptions,
  type ApplyReport,
  applyRecords,
  type ChangedKey,
  compactAdvisories,
} from './delta.ts'
export { AdvisoryFault, type AdvisoryFaultCode } from './fault.ts'
export { assessFreshness, type FreshnessLimits, type SourceAge } from './freshness.ts'
export { type ImportOptions, type ImportReport, importAdvisories } from './import.ts'
export { type AdvisoryStore, openStore } from './store/open.ts'
export { storeRevision } from './store/revision.ts'
export { verifyStore } from './store/verify.ts'
export { type Fetch, type HttpAnswer, httpsFetch } from './update/fetch.ts'
export {
  feedAddresses,
  type UpdatedSource,
  type UpdateOptions,
  type UpdateProgress,
  type UpdateReport,
} from './update/settings.ts'
export { updateAdvisories } from './update.ts'
