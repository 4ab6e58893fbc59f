import type { Checked } from '@lanner/fql'
import { parseDigest } from '@lanner/model'
import {
  type NewBaseImage,
  putBaseImages,
  removeBaseImages,
  type StoredBaseImage,
  baseImages as storedBaseImages,
} from '../db/base-image.ts'
import { imagesNamed, imagesWithDigest, type StoredImage } from '../db/image.ts'
import type { ImagePorts } from './images-list.ts'
import { RequestFault } from './request-fault.ts'

/** An image that is to count as a base: by its digest or image id, else by its name. */
export interface BaseImageRequest {
  readonly registry?: string | undefined
  readonly repository?: string | undefined
  readonly tag?: string | undefined
  readonly imageId?: string | undefined
  readonly digest?: string | undefined
}

/** Images that others are built on, as a tenant declares them: what comes from one can be left out of counts. */
export interface BaseImages {
  list(cid: string, filter?: Checked): Promise<readonly StoredBaseImage[]>
  /**
   * Declares images, each platform of an index by itself; one that was declared before stays as it is. All or none: throws
   * RequestFault `invalid` where one names no image of the tenant. A digest may be declared before its image comes.
   */
  declare(cid: string, requests: readonly BaseImageRequest[]): Promise<readonly StoredBaseImage[]>
  /** Takes declarations back; gives their ids. Throws `not-found` where none is known. */
  withdraw(cid: string, ids: readonly string[]): Promise<readonly string[]>
}

export type BaseImage = StoredBaseImage

/** Declarations in one request. */
export const maxBaseImages = 1000

export function baseImages({ database, transaction, now }: ImagePorts): BaseImages {
  async function find(cid: string, request: BaseImageRequest, place: number): Promise<NewBaseImage[]> {
    const { registry, repository, tag, digest, imageId } = request
    if (!digest && !imageId && !(repository && tag))
      throw new RequestFault(
        'invalid',
        `base_images[${place}]: give image_digest, image_id, or repository and tag`,
      )
    if (digest && !parseDigest(digest))
      throw new RequestFault('invalid', `base_images[${place}].image_digest: not a digest`)
    const candidates =
      digest || imageId
        ? await imagesWithDigest(database, cid, {
            ...(digest ? { digest } : {}),
            ...(imageId ? { imageId: imageId.replace(/^sha256:/, '') } : {}),
          })
        : await imagesNamed(database, cid, {
            ...(registry === undefined ? {} : { registry }),
            repository: repository ?? '',
            tag: tag ?? '',
          })
    const found = candidates.filter(
      (image) =>
        (registry === undefined || image.registry === registry) &&
        (!repository || image.repository === repository) &&
        (!tag || image.tag === tag),
    )
    if (found.length > 0) return oncePerDigest(found).map(declaration)
    if (digest)
      return [
        {
          base_image_id: crypto.randomUUID(),
          registry: registry ?? '',
          repository: repository ?? '',
          tag: tag ?? '',
          digest,
          image_id: imageId ?? '',
        },
      ]
    throw new RequestFault('invalid', `base_images[${place}]: no such image is known here`)
  }

  return {
    list: (cid, filter) => storedBaseImages(database, cid, filter),
    async declare(cid, requests) {
      if (requests.length > maxBaseImages)
        throw new RequestFault(
          'invalid',
          `base_images: ${requests.length} of them, at most ${maxBaseImages} are taken at once`,
        )
      const found: NewBaseImage[] = []
      for (const [place, request] of requests.entries()) found.push(...(await find(cid, request, place)))
      return transaction((within) => putBaseImages(within, cid, found, now()))
    },
    async withdraw(cid, ids) {
      const known = ids.filter((id) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
      const removed = await transaction((within) => removeBaseImages(within, cid, known))
      if (removed.length > 0) return removed
      throw new RequestFault('not-found', `base image ${ids.join(', ')}: unknown`)
    },
  }
}

/** The latest name of each. */
function oncePerDigest(images: readonly StoredImage[]): StoredImage[] {
  const digests = new Set<string>()
  return images.filter(({ digest }) => !digests.has(digest) && digests.add(digest))
}

function declaration({ registry, repository, tag, digest, image_id }: StoredImage): NewBaseImage {
  return { base_image_id: crypto.randomUUID(), registry, repository, tag, digest, image_id }
}
