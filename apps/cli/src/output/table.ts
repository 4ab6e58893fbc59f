import {
  type AssessmentReason,
  compareSeverity,
  type Finding,
  formatPlatform,
  type Package,
  type Report,
  severities,
} from '@lanner/model'
import type { Terminal } from '../command.ts'
import { columns, counted, formatBytes, grouped, paint, printable, wrap } from './text.ts'

const stateWords: Readonly<Record<Report['state'], string>> = {
  assessed: 'assessed',
  partially: 'PARTIALLY ASSESSED',
  not_assessable: 'NOT ASSESSABLE',
}

/** What an image is, what is in it, what is wrong with it and what fixes it, for people. */
export function reportTable(
  report: Report,
  terminal: Terminal,
  options: { readonly inventory: boolean; readonly findings: readonly Finding[] },
): string {
  const lines = [paint(terminal, 'bold', printable(report.reference)), ...facts(report)]
  if (options.inventory) {
    // That nothing is judged was asked for, and needs no reason.
    const reasons = report.reasons.filter(({ code }) => code !== 'no-advisories')
    lines.push('', ...packageTable(report.packages))
    if (reasons.length > 0) lines.push('', ...reasons.flatMap(reasonLines))
  } else {
    const table = findingTable(report, options.findings, terminal)
    if (table.length > 0) lines.push('', ...table)
    lines.push('', ...verdictLines(report, options.findings, terminal))
  }
  return [...lines, ''].join('\n')
}

function facts(report: Report): string[] {
  const { image, distribution, packages } = report
  const rows: [string, string][] = []
  if (image) {
    rows.push(['digest', image.manifestDigest])
    rows.push(['platform', formatPlatform(image.platform)])
    if (image.created) rows.push(['created', image.created])
    const size = image.layers.reduce((sum, layer) => sum + layer.size, 0)
    const inflated = image.layers.reduce((sum, layer) => sum + layer.inflatedSize, 0)
    if (image.layers.length > 0)
      rows.push([
        'layers',
        `${image.layers.length} (${formatBytes(size)}, ${formatBytes(inflated)} inflated)`,
      ])
  }
  if (distribution)
    rows.push([
      'distribution',
      distribution.name ?? [distribution.id, distribution.version].filter(Boolean).join(' '),
    ])
  const byType = Map.groupBy(packages, (item) => item.type)
  const kinds = [...byType].map(([type, items]) => `${type} ${items.length}`).join(', ')
  rows.push(['packages', kinds ? `${grouped(packages.length)} (${kinds})` : '0'])
  return columns(rows).map((line) => `  ${line}`)
}

function packageTable(packages: readonly Package[]): string[] {
  if (packages.length === 0) return ['No packages found.']
  const rows = packages.map((item) => [
    item.type,
    item.namespace ? `${item.namespace}/${item.name}` : item.name,
    item.version,
    item.licenses?.join(', ') ?? '',
    item.locations[0]?.path ?? '',
  ])
  return columns([['TYPE', 'PACKAGE', 'VERSION', 'LICENCE', 'FOUND IN'], ...rows], [8, 50, 36, 28, 70])
}

function findingTable(report: Report, findings: readonly Finding[], terminal: Terminal): string[] {
  const shown = findings.filter((finding) => !finding.suppressed)
  if (shown.length === 0) return []
  const byPurl = new Map(report.packages.map((item) => [item.purl, item]))
  const rows = shown.map((finding) => {
    const item = byPurl.get(finding.package)
    return [
      finding.severity.toUpperCase(),
      finding.vulnerability.id,
      item
        ? item.namespace && item.type !== 'deb'
          ? `${item.namespace}/${item.name}`
          : item.name
        : finding.package,
      item?.version ?? '',
      finding.fixedVersions.join(', ') || fixWords(finding),
      finding.verdict === 'unknown'
        ? 'unknown'
        : finding.fixState === 'fixed'
          ? ''
          : finding.fixState.replaceAll('-', ' '),
      finding.vulnerability.epss ? `${(finding.vulnerability.epss.score * 100).toFixed(1)}%` : '',
      finding.vulnerability.exploited ? 'exploited' : '',
    ]
  })
  const table = columns(
    [['SEVERITY', 'VULNERABILITY', 'PACKAGE', 'INSTALLED', 'FIXED IN', 'STATE', 'EPSS', 'KEV'], ...rows],
    [10, 22, 44, 32, 36, 20],
  )
  return table.map((line, index) =>
    index === 0
      ? paint(terminal, 'dim', line)
      : line.replace(/^\S+/, (word) => paint(terminal, shown[index - 1].severity, word)),
  )
}

function fixWords(finding: Finding): string {
  return finding.fixState === 'fixed' ? 'fixed (no version stated)' : ''
}

function verdictLines(report: Report, findings: readonly Finding[], terminal: Terminal): string[] {
  const counting = findings.filter((finding) => !finding.suppressed)
  const suppressed = findings.length - counting.length
  const hidden = report.findings.length - findings.length
  const bySeverity = severities
    .map(
      (severity) => [severity, counting.filter((finding) => finding.severity === severity).length] as const,
    )
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => compareSeverity(a, b))
    .map(([severity, count]) => paint(terminal, severity, `${count} ${severity}`))
  const fixable = counting.filter((finding) => finding.fixState === 'fixed').length
  const lines: string[] = []
  const state = stateWords[report.state]
  const coloured =
    report.state === 'assessed'
      ? state
      : paint(terminal, report.state === 'partially' ? 'medium' : 'critical', state)
  if (report.state !== 'not_assessable' || counting.length > 0) {
    lines.push(
      `${counting.length === 0 ? 'No findings' : `${counted(counting.length, 'finding')}: ${bySeverity.join(', ')}; ${fixable} with a fix`}${suppressed > 0 ? ` (${suppressed} more suppressed: owned by an operating-system package)` : ''}${hidden > 0 ? ` (${hidden} more without a fix, not shown)` : ''}`,
    )
  }
  lines.push(`State: ${coloured}`)
  lines.push(...report.reasons.flatMap(reasonLines))
  return lines
}

function reasonLines({ informational, message }: AssessmentReason): string[] {
  const [first, ...rest] = wrap(printable(message), 104)
  return [`  ${informational ? 'note' : 'why '}  ${first}`, ...rest.map((line) => `        ${line}`)]
}
