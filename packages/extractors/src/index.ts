export {
  type AssembledLayer,
  assembleImage,
  type ImageInventory,
} from './assemble-image.ts'
export type { Bytes } from './bytes.ts'
export { RetainedBytes } from './chunks.ts'
export { LayerExtraction } from './extract-layer.ts'
export {
  defineExtractor,
  ExtractFault,
  type Extractor,
  type LayerFile,
  type Observation,
  type PackageObservation,
  type Wants,
} from './extractor.ts'
export { extractorRevisions } from './generated/revisions.ts'
export { type Evidence, type LayerInventory, NameList } from './inventory.ts'
export type { LayerEntry } from './layer-entry.ts'
export { type MergeLimits, mergeLayers, type VisibleFile } from './merge-layers.ts'
export type { ReadingNeed } from './reading-needs.ts'
