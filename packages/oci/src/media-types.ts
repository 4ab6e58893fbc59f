const manifests: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
])

const indexes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])

const schema1: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
])

const configs: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

/** Types that say nothing of the content: what is meant shows in the document's shape. */
const vague: ReadonlySet<string> = new Set([
  '',
  'application/json',
  'application/octet-stream',
  'text/plain',
  'text/html',
])

/** What to ask a registry for, best first: `Accept` of a manifest request. */
export const manifestMediaTypes: readonly string[] = [...indexes, ...manifests]

/** `vague` where the media type is absent or generic. */
export function documentKind(
  mediaType: string | undefined,
): 'manifest' | 'index' | 'schema1' | 'vague' | 'other' {
  const type = bare(mediaType)
  if (manifests.has(type)) return 'manifest'
  if (indexes.has(type)) return 'index'
  if (schema1.has(type)) return 'schema1'
  return vague.has(type) ? 'vague' : 'other'
}

/** `vague` types are what early Docker clients pushed; the config's shape decides. */
export function configKind(mediaType: string | undefined): 'image' | 'vague' | 'other' {
  const type = bare(mediaType)
  if (configs.has(type)) return 'image'
  return vague.has(type) ? 'vague' : 'other'
}

/** Whether a layer of this type holds (or may hold) a file system; `application/vnd.in-toto+json` and signatures do not. */
export function isFilesystemLayer(mediaType: string): boolean {
  const type = bare(mediaType)
  return vague.has(type) || /[./+]tar(?:[.+]|$)/.test(type)
}

/** Without parameters and in lower case, as media types compare (RFC 9110 section 8.3.1). */
function bare(mediaType: string | undefined): string {
  if (!mediaType) return ''
  const semicolon = mediaType.indexOf(';')
  return (semicolon < 0 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase()
}
