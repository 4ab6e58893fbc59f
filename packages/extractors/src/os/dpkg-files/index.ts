import { defineExtractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'

const packageName = /^[a-z0-9][a-z0-9+.-]*$/

/**
 * Which files a dpkg package brought: `info/<package>[:<arch>].list` (a path a line), `.md5sums` (hash, two spaces, a path
 * without its leading slash), and the `.md5sums` beside distroless stanzas. https://manpages.debian.org/dpkg.1 (Files)
 */
export const dpkgFiles = defineExtractor({
  id: 'os/dpkg-files',
  revision: 1,
  finds: 'which files belong to packages installed by dpkg',
  wants: {
    paths: ['var/lib/dpkg/info/*.list', 'var/lib/dpkg/info/*.md5sums', 'var/lib/dpkg/status.d/*.md5sums'],
  },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const base = file.path.slice(file.path.lastIndexOf('/') + 1)
    const dot = base.lastIndexOf('.')
    const isList = base.endsWith('.list')
    const stem = base.slice(0, dot).split(':', 1)[0]
    const text = file.bytes.text()
    const owner = file.path.startsWith('var/lib/dpkg/status.d/') ? distrolessOwner(stem, text) : stem
    if (owner === '') return
    yield {
      kind: 'ownership',
      owner,
      paths: { [Symbol.iterator]: () => (isList ? lines(text) : summedPaths(text)) },
    }
  },
})

function* summedPaths(text: string): Generator<string> {
  for (const line of lines(text)) {
    const path = line.slice(line.indexOf(' ') + 1).trimStart()
    if (path !== '' && path.length < line.length) yield path
  }
}

/**
 * Images of 2021 name the files after the package in base64; older ones cut what follows a dot (`libssl1` for
 * `libssl1.1`), which the package's own documentation folder sets right.
 */
function distrolessOwner(stem: string, text: string): string {
  const name = packageName.test(stem) ? stem : (fromBase64(stem) ?? stem)
  const folder = `usr/share/doc/${name}`
  const at = text.indexOf(`${folder}.`)
  if (at < 0 || text.includes(`${folder}/`)) return name
  const slash = text.indexOf('/', at + folder.length)
  const documented = text.slice(at + 'usr/share/doc/'.length, slash)
  return slash > 0 && documented.length < 256 && packageName.test(documented) ? documented : name
}

function fromBase64(text: string): string | undefined {
  const name = Buffer.from(text, 'base64').toString('latin1')
  return packageName.test(name) ? name : undefined
}
