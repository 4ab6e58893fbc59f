import { defineProp } from '../prop.ts'

export const detectionType = defineProp<'detection'>({
  name: 'detection_type',
  subject: 'detection',
  kind: 'text',
  many: 'names',
  description: 'kind of the detection: secret, malware, misconfiguration, cis',
  read: ({ type }) => [type],
})
