import { defineProp } from '../prop.ts'

export const fixAgeDays = defineProp<'vulnerability'>({
  name: 'fix_age_days',
  subject: 'vulnerability',
  kind: 'days',
  description: 'days since a fix became available',
  read: ({ fixedSince }) => fixedSince,
})
