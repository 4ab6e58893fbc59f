import {
  exclusionWords,
  type GateItem,
  type GateReport,
  leftOut,
  matchedItems,
  resultSentences,
  resultWord,
  ruleWords,
  sparedItems,
} from '@lanner/documents/gate'
import { shortDigest } from '@lanner/model'
import type { Terminal } from '../command.ts'
import { columns, counted, paint, printable, wrap } from './text.ts'

/** Rows that are shown of what matched, and of what was spared. */
const mostRows = 20

/** A gate's result for people: the verdict, who decided by which rule, what matched, what was spared. */
export function gateTable(report: GateReport, terminal: Pick<Terminal, 'colour' | 'columns'>): string {
  const { subject, result, verdict } = report
  const style = result === 'deny' ? 'critical' : result === 'pass' ? 'good' : 'medium'
  const image = verdict?.image
  const facts = image
    ? ` (${[shortDigest(image.image_digest as `sha256:${string}`), image.architecture].filter(Boolean).join(', ')})`
    : ''
  const width = Math.max(40, Math.min(terminal.columns, 120))
  return [
    `${paint(terminal, style, resultWord(report))}  ${printable(subject)}${printable(facts)}`,
    ...resultSentences(report).flatMap((sentence) => wrap(printable(sentence), width)),
    ...(verdict?.rules.map((rule) => `  ${printable(ruleWords(rule))}`) ?? []),
    ...(verdict ? listed('matched', matchedItems(verdict), leftOut(verdict.matched), terminal) : []),
    ...(verdict ? listed('spared', sparedItems(verdict), leftOut(verdict.excluded), terminal) : []),
    ...(verdict?.valid_until ? ['', `Valid until ${verdict.valid_until}`] : []),
    '',
  ].join('\n')
}

function listed(
  what: string,
  items: readonly GateItem[],
  beyond: number,
  terminal: Pick<Terminal, 'colour'>,
): string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, mostRows)
  const rows = shown.map(({ severity = '', title, detail, paths, spared }) => [
    severity.toUpperCase(),
    title,
    spared ? exclusionWords(spared) : detail,
    paths[0] ?? '',
  ])
  const head = ['SEVERITY', what.toUpperCase(), what === 'spared' ? 'WHY' : 'ABOUT IT', 'WHERE']
  const [first, ...lines] = columns([head, ...rows], [10, 70, 90, 60])
  const coloured = lines.map((line, at) => {
    const { severity } = shown[at]
    return severity
      ? paint(terminal, severity, line.slice(0, severity.length)) + line.slice(severity.length)
      : line
  })
  const left = items.length - shown.length + beyond
  return ['', first, ...coloured, ...(left > 0 ? [`and ${counted(left, 'more entry', 'more entries')}`] : [])]
}
