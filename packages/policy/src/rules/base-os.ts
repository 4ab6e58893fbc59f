import { defineProp } from '../prop.ts'

export const baseOs = defineProp<'image'>({
  name: 'base_os',
  subject: 'image',
  kind: 'text',
  many: 'names',
  wildcards: true,
  description: 'distribution as lists of images show it, or as `debian`, `debian 12`, `debian:12`',
  read: ({ baseOs, distribution }) => [
    ...(baseOs ? [baseOs] : []),
    ...(distribution ? [distribution.id] : []),
    ...(distribution?.version
      ? [`${distribution.id} ${distribution.version}`, `${distribution.id}:${distribution.version}`]
      : []),
  ],
})
