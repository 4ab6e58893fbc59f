import { createHash } from 'node:crypto'
import type { ImageInventory } from '@lanner/extractors'
import type { Package, PackageLocation } from '@lanner/model'
import type { KnownImage } from './image-cache.ts'

/**
 * As it lies in the file: a third of what the packages take written out, since a start of the command spends most of its
 * time on reading them. What many packages share is written once.
 */
interface StoredImage {
  readonly layers: KnownImage['layers']
  readonly inventory: Omit<ImageInventory, 'packages'>
  /** The fields that packages have, in their order. */
  readonly shapes: readonly (readonly string[])[]
  readonly shared: readonly unknown[]
  /**
   * For each package the number of its shape, then its fields: those of `ownFields` as they are, locations as their number
   * and for each its path and the place in `shared` of the rest, all else as a place in `shared`.
   */
  readonly packages: readonly (string | number)[]
}

/** Fields that hardly two packages have in common. */
const ownFields: ReadonlySet<string> = new Set(['name', 'version', 'purl'] satisfies (keyof Package)[])

const digestLength = 64

/** One file: the SHA-256 of the rest in hexadecimal and a line feed, then JSON. */
export function writeStoredImage({ layers, inventory: { packages, ...inventory } }: KnownImage): Buffer {
  const shapes = new Numbering()
  const shared = new Numbering()
  const stored: (string | number)[] = []
  for (const pack of packages) {
    const fields = Object.entries(pack).filter(([, value]) => value !== undefined)
    stored.push(shapes.numberOf(fields.map(([field]) => field)))
    for (const [field, value] of fields) {
      if (ownFields.has(field)) stored.push(value)
      else if (field === 'locations') {
        stored.push(pack.locations.length)
        for (const { path, ...rest } of pack.locations) stored.push(path, shared.numberOf(rest))
      } else stored.push(shared.numberOf(value))
    }
  }
  const image: StoredImage = {
    layers,
    inventory,
    shapes: shapes.values as readonly string[][],
    shared: shared.values,
    packages: stored,
  }
  const body = Buffer.from(JSON.stringify(image))
  return Buffer.concat([Buffer.from(`${digestOf(body)}\n`), body])
}

/** The image of so many layers, or undefined where the file is damaged or of another shape. */
export function readStoredImage(file: Buffer, layers: number): KnownImage | undefined {
  const body = file.subarray(digestLength + 1)
  if (file.toString('latin1', 0, digestLength + 1) !== `${digestOf(body)}\n`) return undefined
  try {
    const image = JSON.parse(body.toString('utf8')) as StoredImage
    // The digest stands for the rest; this tells a file of another shape.
    if (image.layers.length !== layers || !Array.isArray(image.packages)) return undefined
    const { distribution, ...inventory } = image.inventory
    // Fields in the order of an assembled image.
    return {
      layers: image.layers,
      inventory: { ...(distribution ? { distribution } : {}), packages: packagesOf(image), ...inventory },
    }
  } catch {
    return undefined
  }
}

function packagesOf({ shapes, shared, packages: stored }: StoredImage): Package[] {
  const packages: Package[] = []
  for (let at = 0; at < stored.length; ) {
    const pack: Record<string, unknown> = {}
    for (const field of shapes[stored[at++] as number]) {
      const value = stored[at++]
      if (ownFields.has(field)) pack[field] = value
      else if (field === 'locations') {
        const locations: PackageLocation[] = []
        for (let left = value as number; left > 0; left--) {
          const path = stored[at++] as string
          locations.push({ path, ...(shared[stored[at++] as number] as Omit<PackageLocation, 'path'>) })
        }
        pack[field] = locations
      } else pack[field] = shared[value as number]
    }
    packages.push(pack as unknown as Package)
  }
  return packages
}

/** Numbers values by what they are as JSON. */
class Numbering {
  readonly values: unknown[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(value: unknown): number {
    const text = JSON.stringify(value)
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.values.push(value) - 1
      this.#numbers.set(text, number)
    }
    return number
  }
}

function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}
