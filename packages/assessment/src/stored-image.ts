import { createHash } from 'node:crypto'
import type { ImageInventory } from '@lanner/extractors'
import type { Package, PackageLocation } from '@lanner/model'
import type { KnownImage } from './image-cache.ts'

/**
 * As it lies in the file: less than half of what the packages take written out, since a start of the command spends most of
 * its time on reading them. What many packages share is written once.
 */
interface StoredImage {
  readonly layers: KnownImage['layers']
  readonly inventory: Omit<ImageInventory, 'packages'>
  /** Packages without what is their own, each once; those fields are there and empty, so that all keep their order. */
  readonly kinds: readonly Package[]
  /** Locations without their path, each once. */
  readonly places: readonly Omit<PackageLocation, 'path'>[]
  /** For each package its place in `kinds`, then its own fields. */
  readonly kind: readonly number[]
  readonly name: readonly string[]
  readonly version: readonly string[]
  readonly purl: readonly string[]
  /** For each package its locations, path and place in `places` in turn. */
  readonly locations: readonly (readonly (string | number)[])[]
}

const digestLength = 64

/** One file: the SHA-256 of the rest in hexadecimal and a line feed, then JSON. */
export function writeStoredImage({ layers, inventory: { packages, ...inventory } }: KnownImage): Buffer {
  const kinds = new Numbering<Package>()
  const places = new Numbering<Omit<PackageLocation, 'path'>>()
  const image: StoredImage = {
    layers,
    inventory,
    kind: packages.map((pack) => kinds.numberOf({ ...pack, name: '', version: '', purl: '', locations: [] })),
    name: packages.map(({ name }) => name),
    version: packages.map(({ version }) => version),
    purl: packages.map(({ purl }) => purl),
    locations: packages.map(({ locations }) =>
      locations.flatMap(({ path, ...place }) => [path, places.numberOf(place)]),
    ),
    kinds: kinds.values,
    places: places.values,
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
    if (image.layers.length !== layers || !Array.isArray(image.kinds)) return undefined
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

function packagesOf({ kinds, places, kind, name, version, purl, locations }: StoredImage): Package[] {
  return kind.map((number, at) => ({
    ...kinds[number],
    name: name[at],
    version: version[at],
    purl: purl[at],
    locations: locationsOf(locations[at], places),
  }))
}

function locationsOf(
  stored: StoredImage['locations'][number],
  places: StoredImage['places'],
): PackageLocation[] {
  const locations: PackageLocation[] = []
  for (let at = 0; at < stored.length; at += 2) {
    locations.push({ path: stored[at] as string, ...places[stored[at + 1] as number] })
  }
  return locations
}

/** Numbers values by what they are as JSON. */
class Numbering<Value> {
  readonly values: Value[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(value: Value): number {
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
