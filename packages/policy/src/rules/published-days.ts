import { defineProp } from '../prop.ts'

export const publishedDays = defineProp<'vulnerability'>({
  name: 'published_days',
  subject: 'vulnerability',
  kind: 'days',
  description: 'days since the vulnerability was published',
  read: ({ published }) => published,
})
