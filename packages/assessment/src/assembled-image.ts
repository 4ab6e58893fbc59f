import { assembleImage } from '@lanner/extractors'
import type { ImageSource, ResolvedImage } from '@lanner/oci'
import type { KnownImage } from './image-cache.ts'
import { type LayerReadingOptions, packagesIn, readLayers } from './read-layers.ts'

/** What is in an image, from its layers: each read, or known already, and laid over those below. Throws as `readLayers` does. */
export async function assembledImage(
  source: ImageSource,
  image: ResolvedImage,
  options: LayerReadingOptions,
): Promise<KnownImage> {
  const layers = await readLayers(source, image, options)
  return {
    layers: layers.map((layer) => ({ reading: layer.reading, packages: packagesIn(layer) })),
    inventory: assembleImage(layers.map(({ reading, inventory }) => ({ diffId: reading.diffId, inventory }))),
  }
}
