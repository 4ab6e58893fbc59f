import type { PolicyDifference } from '@lanner/sdk'
import type { Terminal } from '../command.ts'
import { lineDifference } from './line-difference.ts'
import { policyYaml } from './policy-yaml.ts'
import { counted, paint, printable } from './text.ts'

const signs = { create: '+', update: '~', delete: '-' } as const
const styles = { '+': 'good', '-': 'critical', '~': 'medium', ' ': 'dim', '…': 'dim' } as const

/** What a document changes, for people: a heading for each thing, and below it its lines as a document has them. */
export function differenceText(
  changes: readonly PolicyDifference[],
  terminal: Pick<Terminal, 'colour'>,
): string {
  return changes
    .flatMap(({ action, kind, name, before, after }) => {
      const sign = signs[action]
      const heading = kind === 'order' ? 'order of policies' : `${kind} ${name}`
      return [
        paint(terminal, 'bold', printable(`${sign} ${heading}`)),
        ...lineDifference(linesOf(before), linesOf(after)).map((line) =>
          paint(terminal, styles[line.sign], printable(`    ${line.sign} ${line.text}`.trimEnd())),
        ),
        '',
      ]
    })
    .join('\n')
}

/** `2 to create, 1 to change and 1 to delete` */
export function differenceSummary(changes: readonly PolicyDifference[]): string {
  const words = { create: 'create', update: 'change', delete: 'delete' }
  const parts = Object.entries(words)
    .map(([action, word]) => ({ word, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} to ${word}`)
  return parts.length === 0
    ? 'nothing to change'
    : `${counted(changes.length, 'change')}: ${parts.join(', ')}`
}

/** The lines of one side; none where there is nothing. */
function linesOf(state: unknown): readonly string[] {
  if (state === null || state === undefined) return []
  return policyYaml(withoutNothing(state)).trimEnd().split('\n')
}

/** Without members that are empty: a policy that has no description need not say so. */
function withoutNothing(state: unknown): unknown {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return state
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null && value !== ''))
}
