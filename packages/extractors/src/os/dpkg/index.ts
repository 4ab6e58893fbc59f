import { defineExtractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import type { Stanza } from '../../formats/deb822.ts'
import { installedPackages } from '../status-file.ts'

const fields: ReadonlySet<string> = new Set([
  'package',
  'status',
  'version',
  'architecture',
  'source',
  'maintainer',
])

/**
 * States in which a package's files are in place, configured or waiting to be. https://manpages.debian.org/dpkg.1
 * (Package states)
 */
const present: ReadonlySet<string> = new Set([
  'installed',
  'half-configured',
  'triggers-awaited',
  'triggers-pending',
])
/** dpkg's status file, and the folder of single stanzas that distroless images have in its place. */
export const dpkg = defineExtractor({
  id: 'os/dpkg',
  revision: 2,
  finds: 'packages installed by dpkg (Debian, Ubuntu and kin, distroless)',
  wants: { paths: ['var/lib/dpkg/status', 'var/lib/dpkg/status.d/*'] },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    if (file.path.endsWith('.md5sums')) return
    yield* installedPackages(file, { tool: 'dpkg', fields, present, observe })
  },
})

function observe(name: string, version: string, stanza: Stanza): Observation {
  const arch = stanza.get('architecture')
  const maintainer = stanza.get('maintainer')
  const source = sourceOf(name, version, stanza.get('source'))
  return {
    kind: 'package',
    type: 'deb',
    name,
    version,
    ...(arch ? { arch } : {}),
    ...(source ? { source } : {}),
    ...(maintainer ? { vendor: maintainer } : {}),
    confidence: 'declared',
  }
}

/**
 * `Source: name` or `name (version)`; a binary-only rebuild (`+b1`) comes from the source without that suffix.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
 * https://manpages.debian.org/deb-control.5 (Source)
 */
function sourceOf(
  name: string,
  version: string,
  field: string | undefined,
): { name: string; version?: string } | undefined {
  const [sourceName = '', inParentheses] = (field ?? '').split('(', 2)
  const stated = inParentheses?.split(')', 1)[0].trim()
  const sourceVersion = stated || version.replace(/\+b[0-9]{1,9}$/, '')
  const source = sourceName.trim() || name
  if (sourceVersion !== version) return { name: source, version: sourceVersion }
  return field ? { name: source } : undefined
}
