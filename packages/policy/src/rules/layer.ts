import { defineProp } from '../prop.ts'

export const layer = defineProp<'vulnerability'>({
  name: 'layer',
  subject: 'vulnerability',
  kind: 'word',
  words: ['base', 'own'],
  description: "whether the finding's package came with the base image or with a layer of one's own",
  read: (finding, { packages }) =>
    (packages[finding.package]?.places ?? []).flatMap(({ origin }) => (origin === undefined ? [] : [origin])),
})
