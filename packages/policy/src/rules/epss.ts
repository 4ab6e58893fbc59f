import { defineProp } from '../prop.ts'

export const epss = defineProp<'vulnerability'>({
  name: 'epss',
  subject: 'vulnerability',
  kind: 'number',
  description: 'probability of exploitation within 30 days, 0 to 1',
  read: ({ epss }) => epss,
})
