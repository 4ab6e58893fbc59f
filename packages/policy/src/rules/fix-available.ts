import { defineProp } from '../prop.ts'

export const fixAvailable = defineProp<'vulnerability'>({
  name: 'fix_available',
  subject: 'vulnerability',
  kind: 'boolean',
  description: 'whether a version without the vulnerability is known',
  read: ({ fixAvailable }) => fixAvailable,
})
