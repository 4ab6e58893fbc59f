import type { Field } from '../field-table.ts'

/** From no rating at all to worst, as `severity:>='Medium'` needs them: what is unknown never counts as low. */
export const severityWords = ['Unknown', 'None', 'Negligible', 'Low', 'Medium', 'High', 'Critical'] as const

/** CPS ratings from lowest to highest. */
export const cpsWords = ['Low', 'Medium', 'High', 'Critical'] as const

/** The customer id: there is only the caller's own to be found. */
export const cid = { kind: 'text', description: 'customer id' } as const satisfies Field

export const severity = (description: string) =>
  ({ kind: 'word', words: severityWords, ordered: true, description }) as const satisfies Field

export const aiRelated = {
  kind: 'boolean',
  description: 'whether it belongs to machine learning software',
} as const satisfies Field
