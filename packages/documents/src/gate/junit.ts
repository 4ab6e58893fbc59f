import { printable } from '../printable.ts'
import type { GateReport } from './verdict.ts'
import {
  exclusionWords,
  type GateItem,
  leftOut,
  matchedItems,
  resultSentences,
  resultWord,
  ruleWords,
  sparedItems,
} from './words.ts'

/** Test cases beside the one for the image: what is beyond is counted in words. */
const mostCases = 1000

/**
 * A gate's result as JUnit XML: one test case that says whether the image may pass, one for each thing that matched, and a
 * skipped one for each that an exclusion spares. What only alerts is skipped too, for it fails nothing. The form is that
 * which Jenkins and GitLab read: https://github.com/testmoapp/junitxml
 */
export function writeJunit(report: GateReport): string {
  const { verdict } = report
  const matched = verdict ? matchedItems(verdict) : []
  const spared = verdict ? sparedItems(verdict) : []
  const shown = matched.slice(0, mostCases)
  const cases = [
    imageCase(report),
    ...(verdict?.action === 'allow' ? [] : shown.map((item) => matchedCase(item, report))),
    ...spared.slice(0, mostCases - shown.length).map((item) => sparedCase(item)),
  ]
  const count = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length
  const totals = attributes({
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  })
  const name = `policy-check ${report.subject}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: report.tool.name })}${totals}>`,
    `  <testsuite${attributes({ name })}${totals}${verdict ? attributes({ timestamp: verdict.evaluated_at }) : ''}>`,
    ...cases.flatMap(({ lines }) => lines.map((line) => `    ${line}`)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

interface Case {
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  readonly lines: readonly string[]
}

function imageCase(report: GateReport): Case {
  const { result, subject, verdict } = report
  const message = resultSentences(report).join(' ')
  const text = [
    `${resultWord(report)}: ${subject}`,
    message,
    ...(verdict?.rules.map(ruleWords) ?? []),
    ...(verdict?.image ? [`image ${verdict.image.image_digest}`] : []),
    ...leftOutLines(report),
  ].join('\n')
  const name = `${subject} may pass`
  if (result === 'deny') return testCase(name, 'failure', { message, type: 'denied' }, text)
  if (result === 'undecided')
    return testCase(name, 'error', { message, type: verdict?.state ?? 'no-verdict' }, text)
  return testCase(name, 'passed', {}, text)
}

function leftOutLines({ verdict }: GateReport): string[] {
  if (!verdict) return []
  const count = leftOut(verdict.matched) + Math.max(0, matchedItems(verdict).length - mostCases)
  return count > 0 ? [`${count} more matched and are not listed`] : []
}

function matchedCase(item: GateItem, { verdict }: GateReport): Case {
  const text = [item.detail, ...item.paths].join('\n')
  const message = `${item.title}: ${item.detail}`
  return verdict?.action === 'block'
    ? testCase(item.title, 'failure', { message, type: item.kind }, text)
    : testCase(item.title, 'skipped', { message: `alert: ${message}` }, '')
}

function sparedCase({ title, spared }: GateItem): Case {
  return testCase(title, 'skipped', { message: `excluded: ${spared ? exclusionWords(spared) : ''}` }, '')
}

function testCase(
  name: string,
  outcome: Case['outcome'],
  facts: Readonly<Record<string, string>>,
  text: string,
): Case {
  const open = `<testcase${attributes({ classname: 'lanner.policy-check', name, time: '0' })}>`
  const inside =
    outcome === 'passed'
      ? `<system-out>${xml(text)}</system-out>`
      : text === ''
        ? `<${outcome}${attributes(facts)}/>`
        : `<${outcome}${attributes(facts)}>${xml(text)}</${outcome}>`
  return { outcome, lines: [open, `  ${inside}`, '</testcase>'] }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value).replace(/\s+/g, ' '))}"`)
    .join('')
}

/** Text and attribute values alike; XML 1.0 has no way to write most control characters, nor U+FFFE and U+FFFF. */
function xml(text: string): string {
  return printable(text)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}
