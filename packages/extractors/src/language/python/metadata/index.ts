import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { readHeaders } from '../../headers.ts'
import { distributionOf } from '../distribution.ts'

/**
 * What pip, uv, Poetry, Conda and the distributions' own packages leave beside an installed Python distribution: METADATA
 * in a dist-info folder, PKG-INFO in an egg-info or EGG-INFO folder, or an egg-info file.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 *
 * requirements.txt and the lock files of Pipenv, Poetry, PDM and uv say what should be installed, and are not read.
 */
export const pythonMetadata = defineExtractor({
  id: 'language/python/metadata',
  revision: 1,
  finds: 'installed Python distributions (dist-info, egg-info)',
  wants: {
    paths: ['**/*.dist-info/METADATA', '**/*.egg-info/PKG-INFO', '**/*.egg-info', '**/EGG-INFO/PKG-INFO'],
  },
  maxBytes: 4 * MiB,
  *extract(file) {
    const distribution = distributionOf(readHeaders(file.bytes), labelOf(file.path), 'declared')
    if (!distribution) throw new ExtractFault('malformed', `${file.path} lacks a name or a version`)
    yield distribution
  },
})

/** The name that carries name and version: the file's own, else its folder's, else the folder's around EGG-INFO. */
function labelOf(path: string): string {
  const parts = path.split('/')
  const file = parts.at(-1) ?? ''
  if (file.endsWith('.egg-info')) return file
  const folder = parts.at(-2) ?? ''
  return folder === 'EGG-INFO' ? (parts.at(-3) ?? '') : folder
}
