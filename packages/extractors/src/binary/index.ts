import type { Extractor } from '../extractor.ts'
import { go } from './go/index.ts'
import { rust } from './rust/index.ts'

/** Sorted by id. */
export const binaryExtractors: readonly Extractor[] = [go, rust]
