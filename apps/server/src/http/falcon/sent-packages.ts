import type { Body, falconContainer } from '@lanner/contract'
import type { SentPackages } from '../../use-cases/sent-inventory.ts'

type Lookup = Body<typeof falconContainer, 'ReadImageVulnerabilities'>
type Packages = Lookup['packages']
type Applications = NonNullable<Lookup['applicationPackages']>

/** Packages as clients of Falcon write them. */
export function sentPackages(
  system: string,
  packages: Packages | null | undefined,
  applications: Applications | null | undefined,
): SentPackages {
  return {
    system,
    packages: (packages ?? []).map((pack) => ({
      name: pack.Product ?? '',
      version: pack.MajorVersion ?? '',
      architecture: pack.SoftwareArchitecture ?? '',
      provider: pack.PackageProvider ?? '',
      source: pack.PackageSource ?? '',
      status: pack.Status ?? '',
      layerIndex: pack.LayerIndex ?? -1,
    })),
    libraries: (applications ?? []).map(({ type = '', libraries = [] }) => ({
      type,
      members: libraries.map((library) => ({
        name: library.Name ?? '',
        version: library.Version ?? '',
        license: library.License ?? '',
        path: library.Path ?? '',
        layerIndex: library.LayerIndex ?? -1,
      })),
    })),
  }
}

/** `Debian GNU/Linux 12` of its name and its version, where the name does not have that in it. */
export function systemText(name = '', version = ''): string {
  return version === '' || name.includes(version) ? name : `${name} ${version}`
}
