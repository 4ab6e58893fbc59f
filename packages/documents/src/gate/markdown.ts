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

/** Rows of each table: summaries of jobs have a bound of their own, and people read the top. */
const mostRows = 50

/** A gate's result as GitHub-flavoured Markdown: https://github.github.com/gfm/ */
export function writeMarkdown(report: GateReport): string {
  const { subject, verdict } = report
  const parts = [
    `### Policy check: ${inert(subject)}: ${resultWord(report).toLowerCase()}`,
    resultSentences(report)
      .map((sentence) => inert(sentence))
      .join('\n'),
  ]
  if (!verdict) return `${parts.join('\n\n')}\n`
  const { rules, image, matched, excluded, valid_until } = verdict
  if (rules.length > 0) parts.push(rules.map((rule) => `- ${inert(ruleWords(rule))}`).join('\n'))
  const items = matchedItems(verdict)
  if (items.length > 0) parts.push(table(items, leftOut(matched)))
  const spared = sparedItems(verdict)
  if (spared.length > 0) {
    const count = spared.length + leftOut(excluded)
    parts.push(
      `<details><summary>${count} spared by exclusions</summary>`,
      sparedTable(spared, leftOut(excluded)),
      '</details>',
    )
  }
  const facts = [
    ...(image ? [`image ${image.image_digest}`] : []),
    ...(valid_until === null ? [] : [`valid until ${valid_until}`]),
  ]
  if (facts.length > 0) parts.push(inert(facts.join(', ')))
  return `${parts.join('\n\n')}\n`
}

function table(items: readonly GateItem[], beyond: number): string {
  const rows = items
    .slice(0, mostRows)
    .map(({ severity = '', title, detail, paths }) => [severity, title, detail, paths[0] ?? ''])
  return [
    ...lines(['severity', 'what matched', 'about it', 'where'], rows),
    ...more(items.length - rows.length + beyond),
  ].join('\n')
}

function sparedTable(items: readonly GateItem[], beyond: number): string {
  const rows = items
    .slice(0, mostRows)
    .map(({ severity = '', title, spared }) => [severity, title, spared ? exclusionWords(spared) : ''])
  return [
    ...lines(['severity', 'what is spared', 'why'], rows),
    ...more(items.length - rows.length + beyond),
  ].join('\n')
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows.map((row) => row.map((cell) => inert(cell, 300)))].map(
    (row) => `| ${row.join(' | ')} |`,
  )
}

function more(count: number): string[] {
  return count > 0 ? ['', `and ${count} more`] : []
}

/** One line in which no punctuation has a meaning: no table cell, code, link, mention or HTML comes out of it. */
function inert(text: string, most?: number): string {
  return printable(text, most)
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/(?<scheme>https?):\/\//gi, '$<scheme>&#58;//')
    .replace(/[!*[\\\]^_`{|}~$]|(?<=^)[#+-]/g, '\\$&')
}
