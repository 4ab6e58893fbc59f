import { severities } from '@lanner/model'
import { defineProp } from '../prop.ts'
import { severityOrder } from './severity.ts'

export const detectionSeverity = defineProp<'detection'>({
  name: 'detection_severity',
  subject: 'detection',
  kind: 'word',
  words: severities,
  order: severityOrder,
  description: 'rating of the detection',
  read: ({ severity }) => [severity],
})
