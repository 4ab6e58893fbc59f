import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { readZipEntries, readZipEntry } from '../../../formats/zip.ts'
import { readHeaders } from '../../headers.ts'
import { distributionOf } from '../distribution.ts'

const metadataLimit = 4 * MiB
/** A wheel describes one distribution; an archive with more of them than this is none. */
const metadataCount = 64

/**
 * Zipped eggs, from which Python imports directly, and wheels that lie in the image (the bundled pip and setuptools of
 * ensurepip among them).
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */
export const pythonArchive = defineExtractor({
  id: 'language/python/archive',
  revision: 2,
  finds: 'Python eggs and wheels',
  wants: { paths: ['**/*.egg', '**/*.whl'] },
  maxBytes: 200 * MiB,
  *extract(file) {
    // A file of no bytes (a placeholder, a mount point) holds nothing that could be missed.
    if (file.size === 0) return
    const entries = readZipEntries(file.bytes, isMetadata)
    const label = file.path.slice(file.path.lastIndexOf('/') + 1)
    if (entries.length === 0) {
      const distribution = distributionOf(new Map(), label, 'inferred')
      if (!distribution) throw new ExtractFault('malformed', `${file.path} holds no metadata`)
      yield distribution
    }
    for (const entry of entries.slice(0, metadataCount)) {
      const headers = readHeaders(readZipEntry(file.bytes, entry, metadataLimit))
      const distribution = distributionOf(headers, label, 'embedded')
      if (distribution) yield { ...distribution, inner: entry.name }
      else
        yield { kind: 'problem', code: 'malformed', message: 'lacks a name or a version', inner: entry.name }
    }
    if (entries.length > metadataCount) {
      throw new ExtractFault('limit-exceeded', `${file.path} describes ${entries.length} distributions`)
    }
  },
})

/** At the top only: deeper ones belong to what a distribution vendors or tests with. */
function isMetadata(name: string): boolean {
  return name === 'EGG-INFO/PKG-INFO' || /^[^/]+\.dist-info\/METADATA$/.test(name)
}
