import { Type } from 'typebox'
import { partial, record, time } from '../../parts.ts'

/** An image whose packages count as coming from a base. */
export const BaseImage = record('BaseImage', {
  id: Type.String(),
  registry: Type.String(),
  repository: Type.String(),
  tag: Type.String(),
  image_id: Type.String(),
  image_digest: Type.String(),
  created_at: time(),
})

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
