export { type CompiledPolicies, compilePolicies } from './compile.ts'
export type { PolicyCondition } from './condition.ts'
export { type Excluded, evaluate, type PolicyMatches, type PolicyVerdict } from './evaluate.ts'
export {
  type Exclusion,
  type ExclusionScope,
  exclusionExpiry,
  type ReadExclusion,
  readExclusions,
} from './exclusions.ts'
export { type Explanation, explain, explanationLines } from './explain.ts'
export type {
  ImagePolicyFacts,
  PolicyDetection,
  PolicyFinding,
  PolicyPackage,
  PolicyPlace,
} from './facts.ts'
export { factsOfReport, type ReportSurroundings } from './facts-of-report.ts'
export { PolicyFault } from './fault.ts'
export { fixedSince } from './fixed-since.ts'
export { type PolicyLimits, policyLimits } from './limits.ts'
export { PlacesAsked } from './places-asked.ts'
export { PolicyPreview, type PolicyRevision } from './preview.ts'
export type { AskedFacts } from './preview-asked.ts'
export type { RowLikeness, RowNumbers } from './preview-rows.ts'
export type { Flip, Outcome, PolicyFlips, Preview, PreviewedImage } from './preview-tally.ts'
export { type Operator, operators, type Prop, propOperators, type Subject } from './prop.ts'
export {
  type Policy,
  type PolicyAction,
  type PolicyGroup,
  type PolicyRule,
  policyActions,
  readGroupConditions,
  readRules,
  spelledOut,
} from './rule.ts'
export { purlCovers } from './rules/purl.ts'
export { vocabulary } from './rules/vocabulary.ts'
export { evaluateUnassessed, explainUnassessed, type UnassessedReference } from './unassessed.ts'
