import { Type } from 'typebox'
import { partial, record } from '../../parts.ts'

export const BaseImageRequest = partial('BaseImageRequest', {
  image_digest: Type.String(),
  image_id: Type.String(),
  registry: Type.String(),
  repository: Type.String(),
  tag: Type.String(),
})

export const BaseImagesRequest = record('BaseImagesRequest', {
  base_images: Type.Array(BaseImageRequest),
})
