import { type Distribution, type Package, type PackageFacts, purlOf } from '@lanner/model'

/** A package as an image's inventory holds it. */
export function packageOf(
  facts: Omit<PackageFacts, 'confidence'> & { readonly owner?: string },
  distribution?: Distribution,
): Package {
  const { owner, ...rest } = facts
  const stated: PackageFacts = { confidence: 'declared', ...rest }
  return {
    ...stated,
    purl: purlOf(stated, distribution),
    locations: [
      { path: 'var/lib/dpkg/status', layer: `sha256:${'0'.repeat(64)}`, layerIndex: 0, extractor: 'os/dpkg' },
    ],
    ...(owner ? { owner } : {}),
  }
}

export function distributionOf(id: string, version?: string, more: Partial<Distribution> = {}): Distribution {
  return { id, ...(version ? { version } : {}), like: [], path: 'etc/os-release', ...more }
}
