export type {
  AdvisoryReader,
  AdvisoryRecord,
  AffectedPackage,
  CveFacts,
  RangeEvent,
  SourceFreshness,
  VersionRange,
} from './advisory.ts'
export { lookupName } from './lookup-name.ts'
