import type { ImageCache, KnownImage, LayerCache } from '@lanner/assessment'
import { readImage } from '@lanner/assessment'
import type { ImageSource, ResolvedImage } from '@lanner/oci'

/** How far the reading of an image is. */
export interface ReadingProgress {
  readonly layers: number
  readonly layersDone: number
  /** Layers that were known: none of their bytes were read. */
  readonly layersKnown: number
}

export interface ReadOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: ReadingProgress) => void
}

/**
 * Reads what is in an image, each layer that is not known once: in this thread, or in one of its own so that the API stays
 * quick. Throws a Fault for layers that cannot be read, the signal's reason when aborted.
 */
export interface ImageReader {
  read(source: ImageSource, image: ResolvedImage, options: ReadOptions): Promise<KnownImage>
}

/** Reads in this thread. */
export function localImageReader(caches: {
  readonly cache: LayerCache
  readonly images: ImageCache
}): ImageReader {
  return {
    async read(source, image, { signal, onProgress }) {
      const layers = image.manifest.layers.length
      let layersDone = 0
      let layersKnown = 0
      return await readImage(source, image, {
        ...caches,
        signal,
        version: '',
        onEvent(event) {
          if (event.kind !== 'layer-done') return
          layersDone++
          if (event.cached) layersKnown++
          onProgress({ layers, layersDone, layersKnown })
        },
      })
    },
  }
}
