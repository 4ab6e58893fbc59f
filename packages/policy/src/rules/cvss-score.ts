import { defineProp } from '../prop.ts'

export const cvssScore = defineProp<'vulnerability'>({
  name: 'cvss_score',
  subject: 'vulnerability',
  kind: 'number',
  description: 'CVSS base score, 0 to 10',
  read: ({ cvssScore }) => cvssScore,
})
