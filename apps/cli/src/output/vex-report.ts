import type { VexImportReport } from '@lanner/sdk'
import type { Terminal } from '../command.ts'
import { columns, counted, paint, printable } from './text.ts'

/** Statements that were not taken are told one by one up to this many; the rest are counted by their reasons. */
const mostRefused = 50
const formats = { openvex: 'OpenVEX', cyclonedx: 'CycloneDX', csaf: 'CSAF' } as const

type Statement = VexImportReport['statements'][number]

/** What became of a VEX document, for people. */
export function vexReport(report: VexImportReport, terminal: Pick<Terminal, 'colour'>): string {
  const { document_id, format, version, author, name, dry_run, statements } = report
  const title = [
    `${formats[format]}${author ? ` of ${author}` : ''}`,
    ...(version ? [`version ${version}`] : []),
    document_id,
  ]
  const taken = statements.filter((statement) => statement.taken > 0)
  const refused = statements.filter((statement) => statement.not_taken > 0)
  const rows = [...taken.map(takenRow), ...refused.slice(0, mostRefused).flatMap(refusedRows)]
  return [
    paint(terminal, 'bold', printable(name ?? document_id)),
    printable(`  ${title.join(', ')}`),
    ...columns(rows, [10, 24, 20, 200]).map((line) => `  ${line}`),
    ...restLines(refused.slice(mostRefused)),
    `  ${summary(report, taken.length)}${dry_run ? '; a dry run, nothing was changed' : ''}`,
    '',
  ].join('\n')
}

function takenRow({ vulnerability, status, taken, exclusions }: Statement): string[] {
  return [
    'taken',
    vulnerability,
    status ?? '',
    `${counted(taken, 'product')} in ${counted(exclusions.length, 'exclusion')}`,
  ]
}

function refusedRows({ vulnerability, status, refusals, not_taken }: Statement): string[][] {
  const rows = refusals.map(({ message }) => ['not taken', vulnerability, status ?? '', message])
  const more = not_taken - refusals.length
  return more > 0 ? [...rows, ['', '', '', `and ${counted(more, 'product')} more`]] : rows
}

function restLines(rest: readonly Statement[]): string[] {
  if (rest.length === 0) return []
  const reasons = Map.groupBy(rest, ({ refusals }) => refusals[0]?.reason ?? 'spares_nothing')
  const words = [...reasons].map(([reason, each]) => `${each.length} ${reason.replaceAll('_', ' ')}`)
  return [`  and ${counted(rest.length, 'statement')} more not taken: ${words.join(', ')}`]
}

function summary(
  { statements, exclusions_created, exclusions_withdrawn }: VexImportReport,
  taken: number,
): string {
  return [
    `${taken} of ${counted(statements.length, 'statement')} taken`,
    `${counted(exclusions_created.length, 'exclusion')} made`,
    ...(exclusions_withdrawn.length > 0 ? [`${exclusions_withdrawn.length} taken back or lessened`] : []),
  ].join(', ')
}
