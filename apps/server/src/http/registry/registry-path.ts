/** What a path below `/v2/` names. Names are as they were sent, not yet checked. */
export type RegistryPath =
  | { readonly kind: 'base' | 'token' | 'catalog' | 'unknown' }
  | { readonly kind: 'tags' | 'uploads'; readonly repository: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'blob' | 'referrers'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'upload'; readonly repository: string; readonly upload: string }

/**
 * Reads a path from its end: a repository's name has slashes, and may have `blobs` or `tags` among its parts.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints
 */
export function parseRegistryPath(url: string): RegistryPath {
  const path = url.split('?', 1)[0].replace(/^\/v2\/?/, '')
  if (path === '') return { kind: 'base' }
  if (path === 'token') return { kind: 'token' }
  if (path === '_catalog') return { kind: 'catalog' }
  const parts = decoded(path)
  if (!parts) return { kind: 'unknown' }
  const last = parts.at(-1) ?? ''
  const kind = parts.at(-2)
  const repository = parts.slice(0, -2).join('/')
  if (kind === 'tags' && last === 'list' && repository) return { kind: 'tags', repository }
  if (kind === 'manifests' && repository) return { kind: 'manifest', repository, reference: last }
  if (kind === 'referrers' && repository) return { kind: 'referrers', repository, digest: last }
  const place = parts.slice(0, -3).join('/')
  if (kind === 'uploads' && parts.at(-3) === 'blobs' && place) {
    return last === ''
      ? { kind: 'uploads', repository: place }
      : { kind: 'upload', repository: place, upload: last }
  }
  // The slash at the end is easily forgotten.
  if (kind === 'blobs' && last === 'uploads' && repository) return { kind: 'uploads', repository }
  if (kind === 'blobs' && repository) return { kind: 'blob', repository, digest: last }
  return { kind: 'unknown' }
}

function decoded(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}
