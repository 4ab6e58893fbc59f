import { defineProp } from '../prop.ts'

export const signed = defineProp<'image'>({
  name: 'signed',
  subject: 'image',
  kind: 'boolean',
  description: 'whether a signature was verified; not known where none can be',
  read: ({ signed }) => signed,
})
