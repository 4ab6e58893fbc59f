import { defineProp } from '../prop.ts'

export const arch = defineProp<'image'>({
  name: 'arch',
  subject: 'image',
  kind: 'text',
  many: 'names',
  description: 'architecture: amd64, arm64',
  read: ({ architecture }) => (architecture ? [architecture] : []),
})
