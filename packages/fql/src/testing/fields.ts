import type { FieldFactTable } from '../tree.ts'

export const now = new Date('2026-03-10T12:00:00Z')

/** What the case files are written for. */
export const fields: FieldFactTable = {
  registry: { kind: 'text', sort: true },
  cvss_score: { kind: 'number' },
  running: { kind: 'boolean' },
  first_seen: { kind: 'time', aliases: ['firstScanned'], sort: true },
  severity: {
    kind: 'word',
    words: ['Low', 'Medium', 'High', 'Critical'],
    ordered: true,
    aliases: ['highest_severity'],
    sort: true,
  },
  source: { kind: 'word', words: ['push', 'registry', 'runtime'] },
  architecture: { kind: 'text', aliases: ['arch'] },
  hidden: { kind: 'text', filter: false, sort: true },
}
