import type { Database } from '../db/database.ts'
import { imageContent } from '../db/image-content.ts'
import { type ImageFinding, imageFindingPage } from '../db/image-vulnerability-list.ts'
import { inventoryOf } from './assessment/inventory-lines.ts'
import type { ListPage, ListRequest } from './images-list.ts'
import { selectionOf } from './images-selection.ts'

export type ImageVulnerability = ImageFinding & {
  /** Where the package lies, '' where that is not known. */
  readonly path: string
  /** What made the layer, as the image's history has it. */
  readonly command: string
}

/** The findings of one image's content with what the image says of their packages. */
export async function imageVulnerabilities(
  database: Database,
  cid: string,
  digest: string,
  { filter, limit, offset }: ListRequest,
): Promise<ListPage<ImageVulnerability>> {
  const { rows, total } = await imageFindingPage(database, cid, digest, {
    ...selectionOf(filter),
    limit,
    offset,
  })
  if (rows.length === 0) return { rows: [], total }
  const content = await imageContent(database, digest)
  const packages = content?.inventory ? (await inventoryOf(content.inventory)).packages : []
  const paths = new Map(packages.map((pack) => [pack.purl, pack.locations[0]?.path ?? '']))
  const layers = content?.facts.layers ?? []
  return {
    rows: rows.map((row) => ({
      ...row,
      path: paths.get(row.purl) ?? '',
      command: layers[row.layer]?.createdBy ?? '',
    })),
    total,
  }
}
