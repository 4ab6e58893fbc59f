import { extractorRevision } from './extractor-revision.ts'
import { FolderImageCache, type ImageCache } from './image-cache.ts'
import { FolderLayerCache, type LayerCache } from './layer-cache.ts'

/** The caches of layers and of assembled images in a folder, of the extractors as they are now; spread into the options of `assess`. */
export function folderCaches(folder: string): { readonly cache: LayerCache; readonly images: ImageCache } {
  const revision = extractorRevision()
  return { cache: new FolderLayerCache(folder, revision), images: new FolderImageCache(folder, revision) }
}
