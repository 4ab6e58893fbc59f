import { defineProp } from '../prop.ts'

export const repository = defineProp<'image'>({
  name: 'repository',
  subject: 'image',
  kind: 'text',
  many: 'names',
  wildcards: true,
  description: 'repository without the registry',
  read: ({ repository }) => [repository],
})
