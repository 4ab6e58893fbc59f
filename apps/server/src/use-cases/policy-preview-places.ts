import type { ImagePolicyFacts, PolicyPackage, PolicyPreview } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { inventoryDigests, storedInventory } from '../db/preview-content.ts'
import { sharedBaseLayers } from '../db/preview-image.ts'
import { inventoryOf } from './assessment/inventory-lines.ts'
import { packageOf } from './policy-fact-parts.ts'
import type { PreviewImage } from './policy-preview-images.ts'

/**
 * Judges images of one set by where their packages lie, which their inventories alone say. Images with the same packages in
 * the same layers have the same inventory, byte by byte: it is read once for all of them.
 */
export async function addPlaced(
  preview: PolicyPreview,
  database: Database,
  cid: string,
  images: readonly PreviewImage[],
  signal: AbortSignal,
): Promise<void> {
  const contents = images.map(({ contentDigest }) => contentDigest)
  const [digests, layers] = [
    await inventoryDigests(database, contents),
    await sharedBaseLayers(database, cid, contents),
  ]
  const alike = Map.groupBy(images, ({ contentDigest }) => digests.get(contentDigest))
  for (const [inventory, group] of alike) {
    signal.throwIfAborted()
    const [first] = group
    if (!first) continue
    const stored = inventory === undefined ? undefined : await storedInventory(database, first.contentDigest)
    if (!stored) {
      for (const { facts } of group) preview.addUnassessed({ ...facts, state: 'not_assessable' })
      continue
    }
    const inventoried = await inventoryOf(stored)
    const packages = new Map(inventoried.packages.map((pack) => [pack.purl, pack]))
    for (const [baseLayers, same] of Map.groupBy(group, (image) => layers.get(image.contentDigest) ?? 0)) {
      const placed = first.facts.packages.map((pack) => {
        const found = packages.get(pack.purl)
        return found ? packageOf(found, baseLayers) : placeless(pack)
      })
      for (const { facts } of same) preview.add({ ...facts, packages: placed })
    }
  }
}

function placeless({ type, namespace, name, version, purl, licenses }: PolicyPackage): PolicyPackage {
  return { type, ...(namespace ? { namespace } : {}), name, version, purl, licenses, places: [] }
}

/** Whether two images wait for the places of the same packages. */
export function sameSet(one: ImagePolicyFacts, other: ImagePolicyFacts): boolean {
  return one.packages === other.packages && one.findings === other.findings
}
