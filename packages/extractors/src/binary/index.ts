import type { Extractor } from '../extractor.ts'
import { classifierExtractors } from './classifiers/index.ts'
import { go } from './go/index.ts'
import { rust } from './rust/index.ts'

export type { Classifier } from './classifiers/classifier.ts'
export { classifiers } from './classifiers/index.ts'
export { type GoProgram, goPrograms } from './go/go-programs.ts'

/** Sorted by id. */
export const binaryExtractors: readonly Extractor[] = [...classifierExtractors, go, rust]
