import { defineProp } from '../prop.ts'

export const runsAsRoot = defineProp<'image'>({
  name: 'runs_as_root',
  subject: 'image',
  kind: 'boolean',
  description: 'whether the image starts as root',
  read: ({ runsAsRoot }) => runsAsRoot,
})
