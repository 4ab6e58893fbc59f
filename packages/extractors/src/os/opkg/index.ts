import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { deb822Stanzas } from '../../formats/deb822.ts'
import { lines } from '../../formats/lines.ts'
import { isDeclaredWord, Unread } from '../declared.ts'

const fields: ReadonlySet<string> = new Set([
  'package',
  'status',
  'version',
  'architecture',
  'license',
  'maintainer',
])

/**
 * opkg's status file, the control files beside it (the same packages, with licence) and their file lists.
 * `Source` is a path in the build tree there, no source package, and is left out.
 * https://openwrt.org/docs/guide-user/additional-software/opkg
 */
export const opkg = defineExtractor({
  id: 'os/opkg',
  revision: 1,
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
    const unread = new Unread('malformed')
    const undecided = new Unread('unsupported')
    let stanzas = 0
    let named = 0
    for (const stanza of deb822Stanzas(file.bytes.text(), fields)) {
      stanzas++
      const name = stanza.get('package')
      if (!name) {
        unread.add(`a stanza of ${file.path} names no package`)
        continue
      }
      named++
      const state = stanza.get('status')?.split(/\s+/, 3)[2] ?? 'installed'
      if (state === 'unpacked' || state === 'half-installed') {
        undecided.add(
          `${name} is ${state} in ${file.path}: its files may be there although it is not installed`,
        )
      }
      if (state !== 'installed') continue
      const version = stanza.get('version')
      if (!isDeclaredWord(name) || !isDeclaredWord(version)) {
        unread.add(`the stanza of ${name} in ${file.path} has no readable name and version`)
        continue
      }
      const arch = stanza.get('architecture')
      const license = stanza.get('license')
      const maintainer = stanza.get('maintainer')
      yield {
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
    if (stanzas > 0 && named === 0) throw new ExtractFault('malformed', `${file.path} holds no opkg stanza`)
    yield* unread.observations()
    yield* undecided.observations()
  },
})

function* firstColumns(text: string): Generator<string> {
  for (const line of lines(text)) if (line !== '') yield line.split('\t', 1)[0]
}
