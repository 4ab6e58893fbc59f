import { defineProp } from '../prop.ts'

export const fixAgeDays = defineProp<'vulnerability'>({
  name: 'fix_age_days',
  subject: 'vulnerability',
  kind: 'days',
  description: 'days since the advisory that brought the fix was published',
  read: ({ fixedSince }) => fixedSince,
})
