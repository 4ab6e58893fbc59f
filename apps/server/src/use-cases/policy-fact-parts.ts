import type { Distribution, Package } from '@lanner/model'
import type { ImagePolicyFacts, PolicyDetection, PolicyPackage, PolicyPlace } from '@lanner/policy'
import type { StoredDetection } from '../db/detection.ts'
import { severityOfRank } from './assessment/finding-rows.ts'

/** What policies ask of an image's distribution. */
export function distributionOf(
  distribution: Distribution | undefined,
): Pick<ImagePolicyFacts, 'baseOs' | 'distribution'> {
  if (!distribution) return {}
  const { id, name, version } = distribution
  return {
    // PRETTY_NAME has the version in it.
    baseOs: name ?? [id, version].filter(Boolean).join(' '),
    distribution: { id, ...(version ? { version } : {}) },
  }
}

/** What no declared base image begins with is the image's own: a rule on its own layers must not pass for want of a declaration. */
export function packageOf(pack: Package, baseLayers: number): PolicyPackage {
  return {
    type: pack.type,
    ...(pack.namespace ? { namespace: pack.namespace } : {}),
    name: pack.name,
    version: pack.version,
    purl: pack.purl,
    licenses: pack.licenses ?? [],
    places: pack.locations.map(
      ({ path, layer, layerIndex }): PolicyPlace => ({
        path,
        layer,
        origin: layerIndex < baseLayers ? 'base' : 'own',
      }),
    ),
  }
}

/** A detection as it is kept. */
export function detectionOf(
  stored: Pick<StoredDetection, 'detection_id' | 'type' | 'name' | 'severity' | 'details'>,
): PolicyDetection {
  const { Match: path } = stored.details as { readonly Match?: unknown }
  return {
    id: stored.detection_id,
    type: stored.type.toLowerCase(),
    name: stored.name,
    severity: severityOfRank(stored.severity),
    places: typeof path === 'string' ? [{ path, layer: '' }] : [],
  }
}

/** By the user that the config names: none is root. Undefined where the config is not readable. */
export function runsAsRoot(config: string): boolean | undefined {
  try {
    const { config: run } = JSON.parse(config) as { readonly config?: { readonly User?: unknown } | null }
    const user = run?.User
    if (user !== undefined && typeof user !== 'string') return undefined
    const [name] = (user ?? '').split(':', 1)
    return name === '' || name === 'root' || name === '0'
  } catch {
    return undefined
  }
}
