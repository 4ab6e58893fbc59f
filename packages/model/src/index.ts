export { debianReleases } from './debian-releases.ts'
export {
  type Digest,
  type DigestAlgorithm,
  digestAlgorithm,
  isDigest,
  parseDigest,
  shortDigest,
} from './digest.ts'
export { type Distribution, distributionQualifier } from './distribution.ts'
export { Fault } from './fault.ts'
export type {
  AdvisoryEvidence,
  CpsRating,
  Cvss,
  Finding,
  FixState,
  RatedSeverity,
  Verdict,
  Vulnerability,
} from './finding.ts'
export type { AssessmentReason, AssessmentState, ImageFacts, LayerFacts } from './image.ts'
export {
  type Confidence,
  distributionTypes,
  type Package,
  type PackageFacts,
  type PackageLocation,
  type PackageType,
  packageTypes,
} from './package.ts'
export { formatPlatform, type Platform, parsePlatform, platformMatches } from './platform.ts'
export { formatPurl, isPackageType, normalizePypiName, type PackageUrl, parsePurl, purlOf } from './purl.ts'
export type { AdvisorySource, Report, ReportSet, UnassessedImage } from './report.ts'
export {
  compareSeverity,
  type Severity,
  severities,
  severityOfScore,
  severityOfWord,
  severityRank,
} from './severity.ts'
export { ubuntuReleases } from './ubuntu-releases.ts'
