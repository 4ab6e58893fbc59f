import { packageTypes } from '@lanner/model'
import { defineProp } from '../prop.ts'

export const packageType = defineProp<'vulnerability'>({
  name: 'package_type',
  subject: 'vulnerability',
  kind: 'word',
  words: packageTypes,
  description: "purl type of the finding's package",
  read: (finding, { packages }) => {
    const type = packages[finding.package]?.type
    return type === undefined ? [] : [type]
  },
})
