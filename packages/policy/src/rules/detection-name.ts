import { defineProp } from '../prop.ts'

export const detectionName = defineProp<'detection'>({
  name: 'detection_name',
  subject: 'detection',
  kind: 'text',
  many: 'names',
  wildcards: true,
  description: 'name of the detection',
  read: ({ name }) => [name],
})
