import type { Distribution, Package } from '@lanner/model'
import { licensesAsRead, writeLicenses } from '../licenses/cyclonedx.ts'
import { packageOfPurl } from '../package-of-purl.ts'
import { packageProperties } from '../package-properties.ts'

/** The schema's bound on versions. */
const longestVersion = 1024

/** A package as a CycloneDX component; what it has no field for, as properties. */
export function packageComponent(pack: Package, reference: string) {
  const licenses = pack.licenses?.length ? writeLicenses(pack.licenses) : undefined
  const version = pack.version && pack.version.length <= longestVersion ? pack.version : undefined
  const derived = packageOfPurl({
    purl: pack.purl,
    name: pack.name,
    ...(version ? { version } : {}),
    ...(licenses ? { licenses: licensesAsRead(licenses) } : {}),
    ...(pack.vendor ? { vendor: pack.vendor } : {}),
  })
  return {
    type: pack.type === 'generic' || pack.type === 'bitnami' ? 'application' : 'library',
    'bom-ref': reference,
    ...(pack.vendor ? { publisher: pack.vendor } : {}),
    ...(pack.namespace ? { group: pack.namespace } : {}),
    name: pack.name,
    ...(version ? { version } : {}),
    ...(pack.development ? { scope: 'optional' } : {}),
    ...(licenses ? { licenses } : {}),
    purl: pack.purl,
    ...(pack.locations.length > 0
      ? { evidence: { occurrences: pack.locations.map(({ path }) => ({ location: path })) } }
      : {}),
    properties: packageProperties(pack, derived),
  }
}

export function operatingSystem(distribution: Distribution, reference: string) {
  return {
    type: 'operating-system',
    'bom-ref': reference,
    name: distribution.id,
    ...(distribution.version ? { version: distribution.version.slice(0, longestVersion) } : {}),
    ...(distribution.name ? { description: distribution.name } : {}),
    ...(distribution.cpe ? { cpe: distribution.cpe } : {}),
  }
}
