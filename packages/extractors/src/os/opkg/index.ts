import { defineExtractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import type { Stanza } from '../../formats/deb822.ts'
import { lines } from '../../formats/lines.ts'
import { installedPackages } from '../status-file.ts'

const fields: ReadonlySet<string> = new Set([
  'package',
  'status',
  'version',
  'architecture',
  'license',
  'maintainer',
])

const present: ReadonlySet<string> = new Set(['installed'])

/**
 * opkg's status file, the control files beside it (the same packages, with licence) and their file lists.
 * `Source` is a path in the build tree there, no source package, and is left out.
 * https://openwrt.org/docs/guide-user/additional-software/opkg
 */
export const opkg = defineExtractor({
  id: 'os/opkg',
  revision: 3,
  finds: 'packages installed by opkg (OpenWrt, Yocto)',
  wants: {
    paths: [
      'usr/lib/opkg/status',
      'usr/lib/opkg/info/*.control',
      'usr/lib/opkg/info/*.list',
      'var/lib/opkg/status',
      'var/lib/opkg/info/*.control',
      'var/lib/opkg/info/*.list',
    ],
  },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    if (file.path.endsWith('.list')) {
      const owner = file.path.slice(file.path.lastIndexOf('/') + 1, -'.list'.length)
      const text = file.bytes.text()
      // Yocto's opkg writes `path<tab>mode`, OpenWrt's the path alone.
      const paths = { [Symbol.iterator]: () => firstColumns(text) }
      if (owner !== '') yield { kind: 'ownership', owner, paths }
      return
    }
    yield* installedPackages(file, { tool: 'opkg', fields, present, observe })
  },
})

function observe(name: string, version: string, stanza: Stanza): Observation {
  const arch = stanza.get('architecture')
  const license = stanza.get('license')
  const maintainer = stanza.get('maintainer')
  return {
    kind: 'package',
    type: 'opkg',
    name,
    version,
    ...(arch ? { arch } : {}),
    ...(license ? { licenses: [license] } : {}),
    ...(maintainer ? { vendor: maintainer } : {}),
    confidence: 'declared',
  }
}

function* firstColumns(text: string): Generator<string> {
  for (const line of lines(text)) if (line !== '') yield line.split('\t', 1)[0]
}
