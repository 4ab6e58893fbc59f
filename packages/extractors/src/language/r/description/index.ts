import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { firstHeader, readHeaders } from '../../headers.ts'

/**
 * The DESCRIPTION of every R package in a library folder. `Built` is what R adds on installation; without it the folder
 * holds sources. https://cran.r-project.org/doc/manuals/R-exts.html#The-DESCRIPTION-file
 */
export const rDescription = defineExtractor({
  id: 'language/r/description',
  revision: 1,
  finds: 'installed R packages',
  wants: { paths: ['**/library/*/DESCRIPTION', '**/site-library/*/DESCRIPTION'] },
  maxBytes: 4 * MiB,
  *extract(file) {
    const headers = readHeaders(file.bytes)
    if (!headers.has('built')) return
    const name = firstHeader(headers, 'package')
    const version = firstHeader(headers, 'version')
    if (!name || !version || !/^[A-Za-z][A-Za-z0-9.]*$/.test(name) || !/^\d[\d.-]*$/.test(version)) {
      throw new ExtractFault('malformed', `${file.path} states no package and version`)
    }
    const license = firstHeader(headers, 'license')
    yield {
      kind: 'package',
      type: 'cran',
      name,
      version,
      ...(license && license.length <= 200 ? { licenses: [license] } : {}),
      confidence: 'declared',
    }
  },
})
