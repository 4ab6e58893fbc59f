import { quoted } from '../printable.ts'
import type {
  GateDetection,
  GateExclusion,
  GatePackage,
  GateReport,
  GateVerdict,
  GateVulnerability,
} from './verdict.ts'

/** `DENIED`, `PASSED`, `PASSED WITH AN ALERT`, `UNDECIDED`: how a gate's result is headed. */
export function resultWord({ result, verdict }: GateReport): string {
  if (result === 'deny') return 'DENIED'
  if (result === 'undecided') return 'UNDECIDED'
  return verdict?.action === 'alert' ? 'PASSED WITH AN ALERT' : 'PASSED'
}

/** Who decided, and what is to be known beside it, a sentence each. */
export function resultSentences({ result, reason, verdict }: GateReport): string[] {
  const sentences: string[] = []
  if (verdict?.policy) sentences.push(decisionSentence(verdict))
  if (verdict?.state === 'partially')
    sentences.push(`The image is assessed only in part: ${quoted(verdict.reason, 500)}`)
  if (reason !== '') sentences.push(quoted(reason, 500))
  if (sentences.length === 0 && result === 'undecided') sentences.push('There is no verdict')
  return sentences
    .map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1))
    .map((sentence) => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`))
}

function decisionSentence({ action, policy, group, rules }: GateVerdict): string {
  const name = `policy ${quoted(policy?.name ?? '')}`
  if (rules.length === 0) return `No rule of any policy matched, so ${name} lets it pass`
  const through = group ? `, through its group ${quoted(group.name)},` : ''
  const does = action === 'block' ? 'blocks it' : action === 'alert' ? 'alerts of it' : 'allows it'
  return `${name}${through} ${does}`
}

const symbols: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '≠',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  not_in: 'not in',
}

/** `rule 2: block when severity ≥ high and fix_available = true`. */
export function ruleWords({ index, action, conditions }: GateVerdict['rules'][number]): string {
  const asked = conditions.map(({ prop, op, value }) => `${prop} ${symbols[op] ?? op} ${valueWords(value)}`)
  return quoted(
    `rule ${index + 1}: ${action} ${asked.length > 0 ? `when ${asked.join(' and ')}` : 'always'}`,
    500,
  )
}

/** Values of a list that are told. */
const mostValues = 10

function valueWords(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  const told = value.slice(0, mostValues).map(String).join(', ')
  return value.length > mostValues ? `${told} and ${value.length - mostValues} more` : told
}

/** `fixed in 2.15.0`, or that nothing fixes it. */
export function fixWords({ fixed_versions: versions }: GateVulnerability): string {
  return versions.length > 0 ? `fixed in ${versions.slice(0, 5).join(', ')}` : 'no fixed version is known'
}

/** `not reachable (by ci, until 2026-03-09T09:14:05Z)`: why and by whom something was spared. */
export function exclusionWords({ exclusion: { description, author, expires_at } }: GateExclusion): string {
  const end = expires_at === null ? 'without an end' : `until ${expires_at}`
  return `${description === '' ? 'no reason given' : quoted(description, 300)} (by ${quoted(author)}, ${end})`
}

/** Something that matched or was spared, as documents list it. */
export interface GateItem {
  readonly kind: 'vulnerability' | 'package' | 'detection'
  /** CVE, package name and version, or the detection's name. */
  readonly id: string
  /** `CVE-2021-44228 in log4j-core 2.14.1`. */
  readonly title: string
  readonly severity: GateVulnerability['severity'] | undefined
  /** What it is about: fixed versions, licences. */
  readonly detail: string
  readonly paths: readonly string[]
  readonly spared?: GateExclusion
}

/** All that matched, vulnerabilities first. */
export function matchedItems({ matched }: GateVerdict): GateItem[] {
  return [
    ...matched.vulnerabilities.map((one) => vulnerabilityItem(one)),
    ...matched.packages.map((one) => packageItem(one)),
    ...matched.detections.map((one) => detectionItem(one)),
  ]
}

/** All that exclusions spare, vulnerabilities first. */
export function sparedItems({ excluded }: GateVerdict): GateItem[] {
  return [
    ...excluded.vulnerabilities.map((one) => ({ ...vulnerabilityItem(one), spared: one })),
    ...excluded.packages.map((one) => ({ ...packageItem(one), spared: one })),
    ...excluded.detections.map((one) => ({ ...detectionItem(one), spared: one })),
  ]
}

/** How many entries a verdict speaks of that its lists do not hold. */
export function leftOut({ totals, ...lists }: GateVerdict['matched'] | GateVerdict['excluded']): number {
  const listed = lists.vulnerabilities.length + lists.packages.length + lists.detections.length
  return totals.vulnerabilities + totals.packages + totals.detections - listed
}

function vulnerabilityItem(one: GateVulnerability): GateItem {
  return shown({
    kind: 'vulnerability',
    id: one.vulnerability,
    title: `${one.vulnerability} in ${nameVersion(one)}`,
    severity: one.severity,
    detail: `${one.severity}${one.exploited ? ', known to be exploited' : ''}; ${fixWords(one)}`,
    paths: one.paths,
  })
}

function packageItem(one: GatePackage): GateItem {
  return shown({
    kind: 'package',
    id: nameVersion(one),
    title: `package ${nameVersion(one)}`,
    severity: undefined,
    detail: one.licenses.length > 0 ? `licences: ${one.licenses.slice(0, 10).join(', ')}` : one.package_type,
    paths: one.paths,
  })
}

function detectionItem(one: GateDetection): GateItem {
  return shown({
    kind: 'detection',
    id: one.name,
    title: `${one.type} ${one.name}`,
    severity: one.severity,
    detail: one.severity,
    paths: one.paths,
  })
}

/** Names of packages and detections are written by strangers. */
function shown(item: GateItem): GateItem {
  return {
    ...item,
    id: quoted(item.id, 300),
    title: quoted(item.title, 600),
    detail: quoted(item.detail, 600),
    paths: item.paths.map((path) => quoted(path, 1000)),
  }
}

function nameVersion(one: { readonly package: string; readonly version: string }): string {
  return `${one.package} ${one.version}`
}
