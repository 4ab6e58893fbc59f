export { contentDigest, verifyContent } from './content-digest.ts'
export type {
  Descriptor,
  ImageConfig,
  ImageSource,
  Manifest,
  ResolvedImage,
  UnresolvedImage,
} from './descriptor.ts'
export { maxDocumentBytes } from './documents.ts'
export type { BodySink, TarEntry, TarVisitor } from './layer/entry.ts'
export type { LayerLimits, LayerReading } from './layer/read-layer-types.ts'
export {
  type DocumentReference,
  type ReadDocument,
  type Resolution,
  type RootDocument,
  resolveImages,
} from './resolve.ts'
export { SourceFault } from './source-fault.ts'
