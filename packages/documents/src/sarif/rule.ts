import { compareSeverity, type Finding, type Severity, severityOfScore } from '@lanner/model'
import { httpLink, vulnerabilitySource } from '../link.ts'
import { markdownText, messageText } from './text.ts'

/** SARIF knows three levels; what nobody rated is a warning and never less. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error'
  return severity === 'low' || severity === 'negligible' ? 'note' : 'warning'
}

/** The middle of each band of the CVSS rating scale, where no score of that band is known. */
const middles: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  negligible: '0.1',
  unknown: undefined,
}

/** A `reportingDescriptor` (SARIF 2.1.0, 3.49) of one vulnerability, from all findings of it. */
export function ruleOf(findings: readonly Finding[]): unknown {
  const { vulnerability } = findings[0]
  const { id, title, description } = vulnerability
  const counting = findings.filter((finding) => !finding.suppressed)
  const [severity] = (counting.length > 0 ? counting : findings)
    .map((finding) => finding.severity)
    .sort(compareSeverity)
  const score = securitySeverity(severity, findings[0])
  const short = title ?? description ?? id
  const fixes = fixesOf(findings)
  return {
    id,
    shortDescription: { text: messageText(`${id}: ${short.split('\n', 1)[0]}`, 300) },
    fullDescription: { text: messageText(description ?? short, 1000) },
    helpUri: vulnerabilitySource(id).url,
    help: { text: helpText(findings, fixes), markdown: helpMarkdown(findings, fixes) },
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      ...(score ? { 'security-severity': score } : {}),
      tags: ['security', 'vulnerability', ...vulnerability.cwes.filter((cwe) => /^CWE-\d+$/.test(cwe))],
      aliases: vulnerability.aliases,
      ...(vulnerability.epss ? { epss: vulnerability.epss } : {}),
      ...(vulnerability.exploited ? { exploited: vulnerability.exploited } : {}),
    },
  }
}

/** The CVSS score that falls into the band of the severity that counts; a viewer shows that severity then, and no other. */
function securitySeverity(severity: Severity, { vulnerability }: Finding): string | undefined {
  const fitting = vulnerability.cvss.find((cvss) => severityOfScore(cvss.score, cvss.version) === severity)
  return fitting && fitting.score > 0 ? fitting.score.toFixed(1) : middles[severity]
}

interface Fix {
  readonly purl: string
  readonly words: string
}

function fixesOf(findings: readonly Finding[]): readonly Fix[] {
  const fixes = new Map(
    findings.map((finding) => [
      finding.package,
      finding.fixedVersions.length > 0
        ? `fixed in ${finding.fixedVersions.join(', ')}`
        : `no fixed version (${finding.fixState})`,
    ]),
  )
  return [...fixes].slice(0, 100).map(([purl, words]) => ({ purl, words }))
}

function helpText(findings: readonly Finding[], fixes: readonly Fix[]): string {
  const { id, description } = findings[0].vulnerability
  return [
    messageText(id),
    ...(description ? [messageText(description)] : []),
    ...fixes.map(({ purl, words }) => messageText(`${purl}: ${words}`, 1000)),
  ].join('\n\n')
}

function helpMarkdown(findings: readonly Finding[], fixes: readonly Fix[]): string {
  const { vulnerability } = findings[0]
  const { id, description, references } = vulnerability
  const links = references.flatMap((address) => httpLink(address) ?? []).slice(0, 10)
  return [
    `**${markdownText(id)}**`,
    ...(description ? [markdownText(description)] : []),
    ...(fixes.length > 0
      ? [
          [
            '| package | fix |',
            '| --- | --- |',
            ...fixes.map(
              ({ purl, words }) => `| ${markdownText(purl, 1000)} | ${markdownText(words, 1000)} |`,
            ),
          ].join('\n'),
        ]
      : []),
    ...(links.length > 0 ? [links.map((link) => `- ${markdownText(link)}`).join('\n')] : []),
  ].join('\n\n')
}
