import type { Severity } from '@lanner/model'
import { sha256 } from '../content-id.ts'
import { vulnerabilitySource } from '../link.ts'
import { quoted } from '../printable.ts'
import { uriOf } from '../sarif/result.ts'
import { markdownText, messageText } from '../sarif/text.ts'
import type { GateReport } from './verdict.ts'
import {
  exclusionWords,
  type GateItem,
  matchedItems,
  resultSentences,
  ruleWords,
  sparedItems,
} from './words.ts'

/**
 * A gate's result as one SARIF 2.1.0 run: a result for each thing that matched, at the level of what the policy does about
 * it, a suppressed one for each that an exclusion spares, and as a notification what stands in the way of a verdict.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function writeGateSarif(report: GateReport): unknown {
  const { tool, subject, result, verdict } = report
  const matched = verdict ? matchedItems(verdict) : []
  const items = verdict ? [...matched, ...sparedItems(verdict)] : []
  const rules = Map.groupBy(items, ruleId)
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]))
  const given = new Map<string, number>()
  const sentences = resultSentences(report).join(' ')
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            rules: [...rules].map(([id, of]) => ruleOf(id, of)),
            notifications: [{ id: 'verdict' }],
          },
        },
        invocations: [
          {
            executionSuccessful: result !== 'undecided',
            toolExecutionNotifications: [
              {
                level: result === 'undecided' ? 'error' : 'note',
                message: { text: messageText(`${subject}: ${sentences}`) },
                descriptor: { id: 'verdict' },
              },
            ],
          },
        ],
        originalUriBaseIds: { IMAGE: { description: { text: 'The root of the image’s file system.' } } },
        results: items.map((item) => ({
          ruleId: ruleId(item),
          ruleIndex: indexes.get(ruleId(item)) ?? -1,
          level: item.spared ? 'note' : levelOf(report),
          message: { text: messageText(messageOf(item, report)) },
          locations: locationsOf(item),
          partialFingerprints: { 'lanner/v1': fingerprintOf(item, given) },
          ...(item.spared
            ? {
                suppressions: [
                  {
                    kind: 'external',
                    status: 'accepted',
                    justification: messageText(exclusionWords(item.spared)),
                  },
                ],
              }
            : {}),
          properties: { kind: item.kind, ...(item.severity ? { severity: item.severity } : {}) },
        })),
        properties: {
          reference: quoted(subject, 1000),
          result,
          ...(verdict
            ? {
                state: verdict.state,
                action: verdict.action,
                policy: verdict.policy && quoted(verdict.policy.name),
                manifestDigest: verdict.image?.image_digest ?? null,
                evaluatedAt: verdict.evaluated_at,
                validUntil: verdict.valid_until,
              }
            : {}),
        },
      },
    ],
  }
}

function levelOf({ verdict }: GateReport): 'error' | 'warning' | 'note' {
  return verdict?.action === 'block' ? 'error' : verdict?.action === 'alert' ? 'warning' : 'note'
}

function ruleId({ kind, id }: GateItem): string {
  return kind === 'vulnerability' ? id : `${kind}/${id}`
}

/** The middle of each band of the CVSS rating scale: viewers show the band, which is the severity that counts. */
const scores: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  negligible: '0.1',
  unknown: undefined,
}

function ruleOf(id: string, items: readonly GateItem[]): unknown {
  const [item] = items
  const score = item.severity && scores[item.severity]
  const titles = [...new Set(items.map(({ title, detail }) => `${title}: ${detail}`))].slice(0, 100)
  return {
    id,
    shortDescription: { text: messageText(`${item.title}: ${item.detail}`, 300) },
    fullDescription: { text: messageText(titles.join('\n'), 1000) },
    ...(item.kind === 'vulnerability' ? { helpUri: vulnerabilitySource(id).url } : {}),
    help: {
      text: messageText(titles.join('\n'), 5000),
      markdown: titles.map((title) => `- ${markdownText(title, 1000)}`).join('\n'),
    },
    properties: {
      ...(score ? { 'security-severity': score } : {}),
      tags: ['security', item.kind],
    },
  }
}

function messageOf({ title, detail, spared }: GateItem, { verdict }: GateReport): string {
  if (spared) return `${title}: ${detail}. Spared: ${exclusionWords(spared)}.`
  const rules = verdict?.rules.map(ruleWords).join('; ') ?? ''
  return `${title}: ${detail}. Policy ${verdict?.policy?.name ?? ''}, ${rules}.`
}

function locationsOf({ kind, id, title, paths }: GateItem): unknown[] {
  const name = title.startsWith(`${id} in `) ? title.slice(id.length + 4) : id
  const logicalLocations = [{ name, kind: kind === 'detection' ? 'resource' : 'package' }]
  if (paths.length === 0) return [{ logicalLocations }]
  return paths.map((path) => ({
    physicalLocation: {
      artifactLocation: { uri: uriOf(path), uriBaseId: 'IMAGE' },
      // A package is no line of a file; viewers of code want one.
      region: { startLine: 1 },
    },
    logicalLocations,
  }))
}

/** The same from check to check, whatever the policy does about it. */
function fingerprintOf({ kind, title, paths }: GateItem, given: Map<string, number>): string {
  const fingerprint = sha256(JSON.stringify(['policy-check', kind, title, paths[0]])).slice(0, 32)
  const times = (given.get(fingerprint) ?? 0) + 1
  given.set(fingerprint, times)
  return `${fingerprint}:${times}`
}
