import { defineProp } from '../prop.ts'

export const tag = defineProp<'image'>({
  name: 'tag',
  subject: 'image',
  kind: 'text',
  many: 'names',
  wildcards: true,
  caseSensitive: true,
  description: 'tag that was asked for',
  read: ({ tag }) => [tag],
})
