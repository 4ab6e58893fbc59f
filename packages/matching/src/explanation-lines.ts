import type { ExplainedPackage, ExplainedRecord, Explanation } from './explain.ts'

/** The explanation in plain sentences, one a line. */
export function explanationLines(explanation: Explanation): string[] {
  const { vulnerability, records, packages, considered, conclusion } = explanation
  if (conclusion === 'no-advisories')
    return [`No advisories are installed, so nothing is known about ${vulnerability}.`]
  const coverage = explanation.coverage ? [explanation.coverage] : []
  if (conclusion === 'no-record') {
    return [`No installed advisory is about ${vulnerability}.`, ...coverage]
  }
  const lines = [
    `${records.length === 1 ? 'One advisory is' : `${records.length} advisories are`} about ${vulnerability}: ${listed(records.map(titled))}.`,
  ]
  if (packages.length === 0) {
    lines.push(`None of them names any of the ${considered} packages of the image.`)
  }
  return [...lines, ...packages.map(sentenceOf), ...coverage]
}

function titled({ id, withdrawn }: ExplainedRecord): string {
  return withdrawn ? `${id} (withdrawn)` : id
}

/** The first twelve, and how many more there are. */
export function listed(items: readonly string[]): string {
  return items.length > 12
    ? `${items.slice(0, 12).join(', ')} and ${items.length - 12} more`
    : items.join(', ')
}

function sentenceOf(explained: ExplainedPackage): string {
  const { name, version, evidence, outcome, because } = explained
  const subject =
    evidence.matchedBy === 'source'
      ? `${name} ${version} (source ${evidence.name} ${evidence.version})`
      : `${name} ${version}`
  const record = `${evidence.advisory} (${evidence.ecosystem})`
  const range = evidence.range ? ` “${evidence.range}”` : ''
  const fix =
    evidence.fixedVersions.length > 0
      ? ` Fixed in ${evidence.fixedVersions.join(', ')}.`
      : ` Fix: ${evidence.fixState}.`
  const note = evidence.note ? ` ${evidence.note}` : ''
  switch (outcome) {
    case 'affected':
      return `${subject} is affected: ${record} says${range}, in the order of ${evidence.scheme}.${fix}${note}`
    case 'unknown':
      return `${subject} may be affected, which cannot be decided: ${record}.${note}${fix}`
    case 'suppressed':
      return `${subject} is affected by ${record}${range}, but does not count: ${because}`
    case 'overruled':
      return `${subject} would be affected by ${record}${range}, but ${because}.`
    case 'fixed':
      return `${subject} is not affected: it is at or above the fix of ${record}${range}.`
    case 'unaffected':
      return `${subject} is not affected: it lies outside of what ${record} says${range}.${note}`
    case 'other-package':
      return `${subject} is not what ${record} is about.${note}`
    case 'other-release':
      return `${subject} is not affected by ${evidence.advisory}: ${because}.`
    default:
      return `${subject} is not affected by ${record}: ${because}.`
  }
}
