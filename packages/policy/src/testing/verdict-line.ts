import type { PolicyVerdict } from '../evaluate.ts'

/** A verdict in one line, as cases write it: only what there is. */
export function verdictLine({
  deny,
  action,
  policy,
  group,
  matched,
  excluded,
  validUntil,
}: PolicyVerdict): string {
  const parts = [`${deny ? 'deny' : 'pass'} ${action} ${policy?.name ?? 'nobody'}`]
  const list = (name: string, values: readonly string[]) => {
    if (values.length > 0) parts.push(`${name} ${values.join(', ')}`)
  }
  list('group', group ? [group.name] : [])
  list(
    'cves',
    matched.findings.map(({ vulnerability }) => vulnerability),
  )
  list(
    'packages',
    matched.packages.map(({ name }) => name),
  )
  list(
    'detections',
    matched.detections.map(({ name }) => name),
  )
  list('os', matched.baseOs)
  list(
    'without cves',
    excluded.findings.map(({ thing }) => thing.vulnerability),
  )
  list(
    'without packages',
    excluded.packages.map(({ thing }) => thing.name),
  )
  list(
    'without detections',
    excluded.detections.map(({ thing }) => thing.name),
  )
  list('until', validUntil === undefined ? [] : [new Date(validUntil).toISOString()])
  return parts.join('; ')
}
