import { defineExtractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { shellAssignments } from '../../formats/shell-assignments.ts'

/** lsb-release, for images older than os-release (Ubuntu up to 12.04). https://refspecs.linuxfoundation.org/lsb.shtml */
export const lsbRelease = defineExtractor({
  id: 'os/lsb-release',
  revision: 1,
  finds: 'the distribution, from lsb-release where there is no os-release',
  wants: { paths: ['etc/lsb-release'] },
  maxBytes: MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const values = shellAssignments(file.bytes.text())
    const id = values.get('DISTRIB_ID')
    // Red Hat's lsb package writes a file with LSB_VERSION alone: it says nothing of the distribution.
    if (!id) return
    const version = values.get('DISTRIB_RELEASE')
    const codename = values.get('DISTRIB_CODENAME')
    const name = values.get('DISTRIB_DESCRIPTION')
    yield {
      kind: 'distribution',
      distribution: {
        id: id.toLowerCase(),
        ...(version ? { version } : {}),
        ...(codename ? { codename } : {}),
        like: [],
        ...(name ? { name } : {}),
      },
    }
  },
})
