export type { GateExclusion, GateReport, GateVerdict } from './verdict.ts'
export {
  exclusionWords,
  type GateItem,
  leftOut,
  matchedItems,
  resultSentences,
  resultWord,
  ruleWords,
  sparedItems,
} from './words.ts'
export { writeGate } from './write-gate.ts'
