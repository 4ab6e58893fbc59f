import { defineProp } from '../prop.ts'

export const assessment = defineProp<'image'>({
  name: 'assessment',
  subject: 'image',
  kind: 'word',
  words: ['assessed', 'partially', 'not_assessable'],
  description: 'how completely the image could be assessed',
  read: ({ assessment }) => [assessment],
})
