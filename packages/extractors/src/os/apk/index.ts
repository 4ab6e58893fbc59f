import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'
import { isDeclaredWord, observeCutOff, Unread } from '../declared.ts'

const packageLimit = 500_000
const valueLimit = 64 * 1024
/** PATH_MAX of Linux. */
const pathLimit = 4096

/**
 * The database of apk: one block for each package, `letter:value` a line, blocks apart by blank lines; the files of a
 * package follow its fields as `F:` (folder) and `R:` (name in it).
 * https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2
 */
export const apk = defineExtractor({
  id: 'os/apk',
  revision: 2,
  finds: 'packages installed by apk (Alpine, Wolfi, Chainguard, OpenWrt)',
  wants: { paths: ['lib/apk/db/installed', 'usr/lib/apk/db/installed'] },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const unread = new Unread('malformed')
    let packages = 0
    const text = file.bytes.text()
    for (const block of blocks(text)) {
      const fields = readFields(block)
      const name = fields.get('P')
      const version = fields.get('V')
      if (!isDeclaredWord(name) || !isDeclaredWord(version)) {
        unread.add(`a block of ${file.path} has no package name and version`)
        continue
      }
      if (++packages > packageLimit)
        throw new ExtractFault('limit-exceeded', `more than ${packageLimit} packages in ${file.path}`)
      yield* observe(name, version, fields)
      yield { kind: 'ownership', owner: name, paths: { [Symbol.iterator]: () => ownedPaths(block) } }
    }
    if (packages === 0 && unread.count > 0)
      throw new ExtractFault('malformed', `${file.path} holds no apk package`)
    yield* unread.observations()
    yield* observeCutOff(file, text)
  },
})

function* observe(
  name: string,
  version: string,
  fields: ReadonlyMap<string, string>,
): Generator<Observation> {
  const arch = fields.get('A')
  const origin = fields.get('o')
  const license = fields.get('L')
  const maintainer = fields.get('m')
  yield {
    kind: 'package',
    type: 'apk',
    name,
    version,
    ...(arch ? { arch } : {}),
    ...(origin ? { source: { name: origin } } : {}),
    ...(license ? { licenses: [license] } : {}),
    ...(maintainer ? { vendor: maintainer } : {}),
    confidence: 'declared',
  }
}

function* blocks(text: string): Generator<string> {
  const unix = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  for (let at = 0; at < unix.length; ) {
    const gap = unix.indexOf('\n\n', at)
    const end = gap < 0 ? unix.length : gap
    const block = unix.slice(at, end)
    if (block.trim() !== '') yield block
    at = end + 2
  }
}

/** The fields before the first folder line. */
function readFields(block: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of lines(block)) {
    if (line.charCodeAt(1) !== 0x3a) continue
    if (line.startsWith('F:')) break
    if (!fields.has(line[0])) fields.set(line[0], line.slice(2, 2 + valueLimit).trim())
  }
  return fields
}

function* ownedPaths(block: string): Generator<string> {
  let folder = ''
  for (const line of lines(block)) {
    if (line.startsWith('F:')) folder = line.length > 2 ? `${line.slice(2)}/` : ''
    else if (line.startsWith('R:') && folder.length + line.length <= pathLimit) yield folder + line.slice(2)
  }
}
