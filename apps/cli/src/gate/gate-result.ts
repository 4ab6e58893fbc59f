import type { GateReport } from '@lanner/documents/gate'
import { type ExitCode, exitCodes } from '../exit.ts'
import type { Asked } from './await-verdict.ts'

/** What is made of an answer, with the words for what is not as it should be. */
export type GateResult = Pick<GateReport, 'result' | 'reason' | 'verdict'>

/** Whether the image passes. One that is not assessed passes where a policy says so, or the caller takes it upon himself. */
export function gateResult(
  asked: Asked,
  { allowUnassessed, waited }: { readonly allowUnassessed: boolean; readonly waited: number },
): GateResult {
  if ('problem' in asked) return { result: 'undecided', reason: asked.problem }
  const { verdict } = asked
  const { state, reason, action } = verdict
  const unassessed = state === 'assessed' || state === 'partially' ? '' : stateWords(state, reason, waited)
  if (action === 'block') return { result: 'deny', reason: unassessed, verdict }
  if (action !== null) return { result: 'pass', reason: unassessed, verdict }
  return allowUnassessed
    ? { result: 'pass', reason: `${unassessed}; it passes by --allow-unassessed`, verdict }
    : { result: 'undecided', reason: unassessed, verdict }
}

/** The exit code that says it. */
export function gateExit({ result }: GateResult): ExitCode {
  if (result === 'deny') return exitCodes.findings
  return result === 'pass' ? exitCodes.pass : exitCodes.notAssessed
}

function stateWords(state: string, reason: string, waited: number): string {
  const words = `the image is ${state === 'not_assessable' ? 'not assessable' : state}: ${reason}`
  if (state !== 'pending' && state !== 'unknown') return words
  return waited > 0 ? `${words} (waited ${Math.ceil(waited / 1000)} s)` : words
}
