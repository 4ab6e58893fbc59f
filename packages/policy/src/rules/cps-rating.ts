import { defineProp } from '../prop.ts'

const order = ['low', 'medium', 'high', 'critical']

export const cpsRating = defineProp<'vulnerability'>({
  name: 'cps_rating',
  subject: 'vulnerability',
  kind: 'word',
  words: order,
  order,
  description: 'how pressing the finding is, from CVSS, EPSS and known exploitation',
  read: ({ cpsRating }) => [cpsRating],
})
