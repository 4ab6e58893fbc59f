import { binaryExtractors } from './binary/index.ts'
import type { Extractor } from './extractor.ts'
import { languageExtractors } from './language/index.ts'
import { osExtractors } from './os/index.ts'

/**
 * Every extractor there is. Registration is this list: no import has side effects. Behind a door of its own, because an
 * image whose layers are all known needs none of them.
 */
export const extractors: readonly Extractor[] = [...osExtractors, ...languageExtractors, ...binaryExtractors]
