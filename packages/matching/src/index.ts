export type {
  AdvisoryReader,
  AdvisoryRecord,
  AffectedPackage,
  CveFacts,
  RangeEvent,
  SourceFreshness,
  VersionRange,
} from './advisory.ts'
export { affects, type Judgement, type Subject } from './affects.ts'
export { authority, cveOfId, isCve, isDistributionRecord, vulnerabilitiesOf } from './aliases.ts'
export { type Candidate, candidates } from './candidates.ts'
export { compareCvss, cpsRating, cvssScore } from './cps-rating.ts'
export { readCvss } from './cvss/index.ts'
export { type DistributionCoverage, distributionCoverage, type NoCoverage } from './distributions.ts'
export { type EndOfLife, endOfLife } from './end-of-life.ts'
export { type ExplainedPackage, type ExplainedRecord, type Explanation, explain } from './explain.ts'
export { explanationLines } from './explanation-lines.ts'
export { languageEcosystem } from './languages.ts'
export { lookupName } from './lookup-name.ts'
export { lookupNames } from './lookup-names.ts'
export { type MatchInput, type MatchResult, matchPackages, suppression } from './match.ts'
export { type OsvReading, readOsv } from './osv.ts'
export { type Ranked, worstFirst } from './ranking.ts'
export { assessmentReasons } from './reasons.ts'
export { type InstalledVersion, installedVersion } from './version-order.ts'
