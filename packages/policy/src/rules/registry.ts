import { defineProp } from '../prop.ts'

export const registry = defineProp<'image'>({
  name: 'registry',
  subject: 'image',
  kind: 'text',
  many: 'names',
  wildcards: true,
  description: 'host of the registry; empty for images that were pushed to the platform itself',
  normalize: registryHost,
  read: ({ registry }) => [registryHost(registry)],
})

/** The host of what people write: without scheme, trailing slash and the aliases of Docker Hub. */
function registryHost(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '')
  return /^(?:index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/.test(host)
    ? 'docker.io'
    : host
}
