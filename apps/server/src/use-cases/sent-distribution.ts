import { type Distribution, debianReleases, type PackageType } from '@lanner/model'

/**
 * What scanners call distributions, lower case, and the `ID` of their os-release with the package manager. Longer names stand
 * before shorter ones that they begin with.
 */
const known: readonly (readonly [id: string, type: PackageType, ...names: string[]])[] = [
  ['debian', 'deb', 'debian gnu/linux', 'debian'],
  ['ubuntu', 'deb', 'ubuntu'],
  ['alpine', 'apk', 'alpine linux', 'alpine'],
  ['wolfi', 'apk', 'wolfi'],
  ['chainguard', 'apk', 'chainguard'],
  ['minimos', 'apk', 'minimos'],
  ['echo', 'deb', 'echo linux', 'echo'],
  ['rhel', 'rpm', 'red hat enterprise linux', 'red hat', 'redhat', 'rhel'],
  ['centos', 'rpm', 'centos linux', 'centos stream', 'centos'],
  ['fedora', 'rpm', 'fedora linux', 'fedora'],
  ['amzn', 'rpm', 'amazon linux ami', 'amazon linux', 'amazonlinux', 'amazon', 'amzn'],
  ['ol', 'rpm', 'oracle linux', 'oraclelinux', 'oracle', 'ol'],
  ['rocky', 'rpm', 'rocky linux', 'rockylinux', 'rocky'],
  ['almalinux', 'rpm', 'almalinux', 'alma linux', 'alma'],
  ['sles', 'rpm', 'suse linux enterprise server', 'sles'],
  ['sle-micro', 'rpm', 'suse linux enterprise micro', 'sle-micro'],
  ['opensuse-leap', 'rpm', 'opensuse leap', 'opensuse-leap', 'opensuse.leap'],
  ['opensuse-tumbleweed', 'rpm', 'opensuse tumbleweed', 'opensuse-tumbleweed', 'opensuse.tumbleweed'],
  ['photon', 'rpm', 'vmware photon os/linux', 'vmware photon os', 'vmware photon', 'photon os', 'photon'],
  ['mariner', 'rpm', 'common base linux mariner', 'cbl-mariner/linux', 'cbl-mariner', 'mariner'],
  ['azurelinux', 'rpm', 'microsoft azure linux', 'azure linux', 'azurelinux'],
  ['openeuler', 'rpm', 'openeuler'],
  ['mageia', 'rpm', 'mageia'],
  ['arch', 'alpm', 'arch linux', 'archlinux', 'arch'],
  ['alpaquita', 'apk', 'alpaquita linux', 'alpaquita'],
  ['bellsoft-hardened-containers', 'apk', 'bellsoft hardened containers', 'bellsoft-hardened-containers'],
  ['kali', 'deb', 'kali gnu/linux', 'kali linux', 'kali'],
  ['linuxmint', 'deb', 'linux mint', 'linuxmint'],
  ['raspbian', 'deb', 'raspbian gnu/linux', 'raspbian'],
]

/** A distribution as it was named, and the package manager that it has where that is known. */
export interface SentDistribution {
  readonly distribution: Distribution
  readonly type?: PackageType
}

const maxLength = 120

/**
 * Reads what a scanner calls an operating system: `Debian GNU/Linux 12 (bookworm)`, `Ubuntu 22.04.4 LTS`, `alpine:3.19`,
 * `Red Hat Enterprise Linux 9.4 (Plow)`, `SLES 15 SP5`. A name that is not known stays what it is, in os-release's spelling
 * (`foo-linux`): nothing is judged by another's advisories. Undefined where the text says nothing.
 */
export function sentDistribution(text: string): SentDistribution | undefined {
  const name = text.trim().replaceAll(/\s+/g, ' ').slice(0, maxLength)
  const lower = name.toLowerCase()
  if (!/[a-z]/.test(lower)) return undefined
  for (const [id, type, ...names] of known) {
    const found = names.find((word) => lower.startsWith(word) && !/[a-z]/.test(lower.charAt(word.length)))
    if (found === undefined) continue
    const version = versionOf(id, lower.slice(found.length))
    return { distribution: { id, ...(version ? { version } : {}), like: [], name, path: '' }, type }
  }
  const [words = ''] = lower.split(/[^a-z./ _-]/, 1)
  const id = words
    .trim()
    .replaceAll(/[^a-z]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  const version = versionOf(id, lower.slice(words.length))
  return { distribution: { id, ...(version ? { version } : {}), like: [], name, path: '' } }
}

const filler = /^(?:[\s:,/-]|release|version|server|stream|linux|os)*/
const number = /^v?(\d{1,8}(?:\.\d{1,8}){0,4}(?:_[a-z0-9]{1,20})?)/

/** `VERSION_ID` as the distribution itself writes it. */
function versionOf(id: string, rest: string): string | undefined {
  const after = rest.replace(filler, '')
  const version = number.exec(after)?.[1]
  if (version === undefined)
    return id === 'debian'
      ? debianReleases.get(after.replace(/^\((?=[a-z]+\))/, '').replace(/\)$/, ''))
      : undefined
  switch (id) {
    case 'debian':
      return version.split('.')[0]
    case 'ubuntu':
      return version.split('.').slice(0, 2).join('.')
    case 'sles': {
      const pack = /^v?\d+ ?sp ?(\d{1,2})/.exec(after)?.[1]
      return pack === undefined ? version : `${version}.${pack}`
    }
    default:
      return version
  }
}
