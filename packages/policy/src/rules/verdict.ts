import { defineProp } from '../prop.ts'

export const verdict = defineProp<'vulnerability'>({
  name: 'verdict',
  subject: 'vulnerability',
  kind: 'word',
  words: ['affected', 'unknown'],
  description: 'whether the package is affected, or nobody can tell',
  read: ({ verdict }) => [verdict],
})
