import {
  distributionTypes,
  formatPurl,
  type Package,
  type PackageLocation,
  type PackageType,
} from '@lanner/model'
import { sourceOfRpm } from './package-of-purl.ts'

type Properties = ReadonlyMap<string, readonly string[]>

const syftTypes: ReadonlyMap<string, PackageType> = new Map<string, PackageType>([
  ['deb', 'deb'],
  ['rpm', 'rpm'],
  ['apk', 'apk'],
  ['alpm', 'alpm'],
  ['npm', 'npm'],
  ['python', 'pypi'],
  ['gem', 'gem'],
  ['rust-crate', 'cargo'],
  ['dotnet', 'nuget'],
  ['hex', 'hex'],
  ['dart-pub', 'pub'],
])

/**
 * A purl for a component that has none, where its maker says the package type and the name is the ecosystem's whole name;
 * not for Maven and Go, whose coordinates a lone name does not hold.
 */
export function purlOfProperties(
  properties: Properties,
  name: string,
  version: string | undefined,
): string | undefined {
  const type = syftTypes.get(properties.get('syft:package:type')?.[0] ?? '')
  if (!type) return undefined
  const slash = type === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1
  const namespace = slash > 0 ? name.slice(0, slash) : undefined
  const arch = distributionTypes.has(type) ? properties.get('syft:metadata:architecture')?.[0] : undefined
  const colon = type === 'rpm' && version ? version.indexOf(':') : -1
  return formatPurl({
    type,
    ...(namespace ? { namespace } : {}),
    name: name.slice(slash + 1),
    ...(version ? { version: version.slice(colon + 1) } : {}),
    qualifiers: {
      ...(arch ? { arch } : {}),
      ...(colon > 0 && version ? { epoch: version.slice(0, colon) } : {}),
    },
  })
}

/** The package with what Syft, Trivy and npm say of it in properties of their own. */
export function withForeignFacts(
  pack: Package,
  properties: Properties,
  layers: ReadonlyMap<string, number>,
): Package {
  if (properties.size === 0) return pack
  const locations = [...syftLocations(properties, layers), ...trivyLocations(properties, layers)]
  const development = properties.get('cdx:npm:package:development')?.[0] === 'true'
  const source = distributionTypes.has(pack.type) ? foreignSource(pack, properties) : undefined
  const module = properties.get('aquasecurity:trivy:Modularitylabel')?.[0]
  return {
    ...pack,
    ...(source ? { source } : {}),
    ...(module && pack.type === 'rpm' ? { module } : {}),
    ...(development ? { development } : {}),
    ...(locations.length > 0 ? { locations } : {}),
  }
}

function foreignSource(pack: Package, properties: Properties): Package['source'] {
  const one = (name: string) => properties.get(name)?.[0] || undefined
  const trivyName = one('aquasecurity:trivy:SrcName')
  if (trivyName) {
    const version = one('aquasecurity:trivy:SrcVersion')
    const release = one('aquasecurity:trivy:SrcRelease')
    const epoch = one('aquasecurity:trivy:SrcEpoch')
    const text =
      version && `${epoch && epoch !== '0' ? `${epoch}:` : ''}${version}${release ? `-${release}` : ''}`
    return { name: trivyName, ...(text ? { version: text } : {}) }
  }
  const sourceRpm = one('syft:metadata:sourceRpm')
  if (sourceRpm && pack.type === 'rpm') return sourceOfRpm(sourceRpm, pack.version)
  const name = one('syft:metadata:source') ?? one('syft:metadata:originPackage')
  if (!name) return undefined
  const version = one('syft:metadata:sourceVersion')
  return { name, ...(version ? { version } : {}) }
}

function syftLocations(properties: Properties, layers: ReadonlyMap<string, number>): PackageLocation[] {
  const found: PackageLocation[] = []
  for (let index = 0; ; index++) {
    const [path] = properties.get(`syft:location:${index}:path`) ?? []
    if (!path) return found
    found.push(placed(path, properties.get(`syft:location:${index}:layerID`)?.[0] ?? '', layers, 'syft'))
  }
}

function trivyLocations(properties: Properties, layers: ReadonlyMap<string, number>): PackageLocation[] {
  const [path] = properties.get('aquasecurity:trivy:FilePath') ?? []
  const [layer] = properties.get('aquasecurity:trivy:LayerDiffID') ?? []
  return path ? [placed(path, layer ?? '', layers, 'trivy')] : []
}

/** A place that a document names; the layer's index only where the document lists the layers. */
export function placed(
  path: string,
  layer: string,
  layers: ReadonlyMap<string, number>,
  tool: string,
): PackageLocation {
  return {
    path: path.replace(/^\/+/, ''),
    layer,
    layerIndex: layers.get(layer) ?? -1,
    extractor: `document/${tool}`,
  }
}
