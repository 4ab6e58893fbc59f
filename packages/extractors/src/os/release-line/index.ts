import { defineExtractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'

/** What the line before ` release ` begins with, longest first, and the os-release ID of that distribution. */
const products: readonly (readonly [beginning: string, id: string])[] = [
  ['Red Hat Enterprise Linux', 'rhel'],
  ['CentOS', 'centos'],
  ['Fedora', 'fedora'],
  ['Oracle Linux', 'ol'],
  ['Enterprise Linux Enterprise Linux', 'ol'],
  ['AlmaLinux', 'almalinux'],
  ['Rocky Linux', 'rocky'],
  ['Amazon Linux', 'amzn'],
  ['Scientific Linux', 'scientific'],
]
const release = / release (?<version>[0-9]+(?:\.[0-9]+)*)/
const number = /^[0-9]+(?:\.[0-9]+)+(?:_[a-z0-9]+)?$/

/**
 * The one-line files that distributions have beside or, when older than 2012, instead of os-release: the version in
 * `alpine-release` and `debian_version`, a sentence in `redhat-release` and kin, a few lines in `SuSE-release`. What such a
 * file does not say plainly is not yielded: `trixie/sid` is Debian testing as well as any Ubuntu.
 */
export const releaseLine = defineExtractor({
  id: 'os/release-line',
  revision: 1,
  finds:
    'the distribution, from alpine-release, debian_version, redhat-release and kin where there is no os-release',
  wants: {
    paths: [
      'etc/SuSE-release',
      'etc/alpine-release',
      'etc/centos-release',
      'etc/debian_version',
      'etc/fedora-release',
      'etc/oracle-release',
      'etc/redhat-release',
      'etc/system-release',
    ],
  },
  maxBytes: MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const content = file.bytes.text().slice(0, 4096)
    const [line = ''] = lines(content.trimStart())
    const distribution = readLine(file.path, line.trim(), content)
    if (distribution) yield { kind: 'distribution', distribution: { ...distribution, like: [] } }
  },
})

function readLine(
  path: string,
  line: string,
  content: string,
): { id: string; version: string; name?: string } | undefined {
  if (path === 'etc/alpine-release') return number.test(line) ? { id: 'alpine', version: line } : undefined
  if (path === 'etc/debian_version') {
    // From Debian 4 on os-release and the feeds count the number before the first dot as the release.
    const major = /^(?<major>[0-9]{1,3})(?:\.[0-9]+)*$/.exec(line)?.groups?.['major']
    return major && Number(major) >= 4 ? { id: 'debian', version: major } : undefined
  }
  if (path === 'etc/SuSE-release') return readSuse(line, content)
  const version = release.exec(line)?.groups?.['version']
  const product = products.find(([beginning]) => line.startsWith(beginning))
  return version && product ? { id: product[1], version, name: line } : undefined
}

/** `SUSE Linux Enterprise Server 11 (x86_64)`, then `VERSION = 11` and `PATCHLEVEL = 4`. */
function readSuse(line: string, content: string): { id: string; version: string; name: string } | undefined {
  const version = /^VERSION = (?<version>[0-9.]+)$/m.exec(content)?.groups?.['version']
  const level = /^PATCHLEVEL = (?<level>[0-9]+)$/m.exec(content)?.groups?.['level']
  if (!version) return undefined
  if (line.startsWith('SUSE Linux Enterprise Server')) {
    return { id: 'sles', version: level && level !== '0' ? `${version}.${level}` : version, name: line }
  }
  return line.startsWith('openSUSE') ? { id: 'opensuse', version, name: line } : undefined
}
