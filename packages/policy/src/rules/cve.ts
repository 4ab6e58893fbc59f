import { defineProp } from '../prop.ts'

export const cve = defineProp<'vulnerability'>({
  name: 'cve',
  subject: 'vulnerability',
  kind: 'text',
  many: 'names',
  description: 'id of the vulnerability, or one of its aliases',
  read: ({ vulnerability, aliases }) =>
    aliases.length === 0 ? [vulnerability] : [vulnerability, ...aliases],
})
