import { defineProp } from '../prop.ts'

/** Where a package was found. */
export const path = defineProp<'package'>({
  name: 'path',
  subject: 'package',
  kind: 'text',
  many: 'values',
  wildcards: true,
  caseSensitive: true,
  exclusionsOnly: true,
  description: 'file that the package or the detection was found in',
  normalize: withoutRoot,
  read: ({ places }) => places.map(({ path }) => path),
})

/** The same of a detection. */
export const detectionPath = defineProp<'detection'>({
  name: 'path',
  subject: 'detection',
  kind: 'text',
  many: 'values',
  wildcards: true,
  caseSensitive: true,
  exclusionsOnly: true,
  description: 'file that the detection was found in',
  normalize: withoutRoot,
  read: ({ places }) => places.map(({ path }) => path),
})

function withoutRoot(path: string): string {
  return path.replace(/^\/+/, '')
}
