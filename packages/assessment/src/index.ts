export {
  AssessmentFault,
  type AssessmentOptions,
  assess,
  imageFacts,
  readImage,
  unreadReason,
} from './assess.ts'
export type { AssessmentEvent } from './events.ts'
export { extractorRevision } from './extractor-revision.ts'
export { folderCaches } from './folder-caches.ts'
export { FolderImageCache, type ImageCache, imageCacheBytes, type KnownImage } from './image-cache.ts'
export { ImageFault } from './image-fault.ts'
export { type JudgeOptions, judge, type Subject } from './judge.ts'
export { FolderLayerCache, type KnownLayer, type LayerCache } from './layer-cache.ts'
export { OpenSourceFault, type OpenSourceOptions, openSource } from './open-source.ts'
export { assessmentState, worstState } from './state.ts'
