import { type BaseImages, baseImages } from './base-images.ts'
import { type ImageExports, imageExports } from './images-export.ts'
import { type ImageLists, type ImagePorts, imageLists } from './images-list.ts'
import { type ImageRecords, imageRecords } from './images-records.ts'
import { type ImageSummaries, imageSummaries } from './images-summary.ts'

/** The images of a tenant, as lists, counts, records, exports and summaries show them. */
export interface Images extends ImageLists, ImageRecords, ImageExports, ImageSummaries {
  readonly bases: BaseImages
}

export function images(ports: ImagePorts): Images {
  return {
    ...imageLists(ports),
    ...imageRecords(ports),
    ...imageExports(ports),
    ...imageSummaries(ports),
    bases: baseImages(ports),
  }
}
