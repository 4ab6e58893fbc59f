import { severities } from '@lanner/model'
import { defineProp } from '../prop.ts'

/** Worst last; `unknown` has no place: it is neither better nor worse than any. */
export const severityOrder = severities.filter((severity) => severity !== 'unknown').toReversed()

export const severity = defineProp<'vulnerability'>({
  name: 'severity',
  subject: 'vulnerability',
  kind: 'word',
  words: severities,
  order: severityOrder,
  description: 'rating of the finding',
  read: ({ severity }) => [severity],
})
