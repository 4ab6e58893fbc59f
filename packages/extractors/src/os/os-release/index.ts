import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { shellAssignments } from '../../formats/shell-assignments.ts'

/**
 * os-release. Fedora's variants keep the real file in os.release.d, where usr/lib/os-release points to.
 * https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export const osRelease = defineExtractor({
  id: 'os/os-release',
  revision: 1,
  finds: 'the distribution, from os-release',
  wants: { paths: ['etc/os-release', 'usr/lib/os-release', 'usr/lib/os.release.d/os-release-*'] },
  maxBytes: MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const text = file.bytes.text()
    const values = shellAssignments(text)
    if (values.size === 0) {
      if (text.trim() === '') return
      throw new ExtractFault('malformed', `${file.path} holds no NAME=value line`)
    }
    const version = values.get('VERSION_ID')
    const codename = values.get('VERSION_CODENAME')
    const name = values.get('PRETTY_NAME') || values.get('NAME')
    const variant = values.get('VARIANT_ID')
    const cpe = values.get('CPE_NAME')
    yield {
      kind: 'distribution',
      distribution: {
        // The specification's default for a file without ID.
        id: (values.get('ID') || 'linux').toLowerCase(),
        ...(version ? { version } : {}),
        ...(codename ? { codename } : {}),
        like: (values.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
        ...(name ? { name } : {}),
        ...(variant ? { variant } : {}),
        ...(cpe ? { cpe } : {}),
      },
    }
  },
})
