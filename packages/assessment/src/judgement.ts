// What a keeper of findings needs to make the same report that a scan makes; apart, so that a scan does not load it.
export { reportOf, type Subject, unmatched } from './judge.ts'
export { inventoryReasons } from './match-inventory.ts'
export { assessmentState } from './state.ts'
