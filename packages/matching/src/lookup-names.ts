import { distributionTypes, type Package } from '@lanner/model'
import { languageNames } from './languages.ts'
import { lookupName } from './lookup-name.ts'

/**
 * Every name under which matching may ask an `AdvisoryReader` for entries about this package, spelt as it asks
 * (`lookupName`), each once, the package's own first; empty where no feed could name it. Whoever keeps these beside a
 * package finds the packages that a changed (ecosystem, name) may concern: more than it does concern, never fewer, whatever
 * the distribution of the image and its coverage.
 */
export function lookupNames(pack: Package): readonly string[] {
  // Which of the two a distribution's records are named after depends on the distribution; none respells them.
  const names = distributionTypes.has(pack.type)
    ? [pack.name, pack.source?.name ?? pack.name]
    : languageNames(pack).map(({ ecosystem, name }) => lookupName(ecosystem, name))
  return [...new Set(names)]
}
