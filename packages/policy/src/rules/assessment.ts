import { defineProp } from '../prop.ts'

export const assessment = defineProp<'image'>({
  name: 'assessment',
  subject: 'image',
  kind: 'word',
  words: ['assessed', 'partially', 'not_assessable', 'pending', 'unknown'],
  description:
    'how completely the image could be assessed; pending while that goes on, unknown where nobody knows the image',
  read: ({ assessment }) => [assessment],
})
