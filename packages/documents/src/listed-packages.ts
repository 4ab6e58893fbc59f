import { type Distribution, distributionTypes, type Package, parsePurl } from '@lanner/model'
import { agreedDistribution, distributionOfPurl } from './distribution-of.ts'
import { placed, purlOfProperties, withForeignFacts } from './foreign.ts'
import type { DocumentInventory } from './inventory.ts'
import { type Listed, packageOfPurl } from './package-of-purl.ts'
import { packageOfProperties } from './package-properties.ts'
import { quoted } from './printable.ts'
import { Remarks } from './remarks.ts'

/** One entry of a document that may be a package. */
export interface Entry extends Omit<Listed, 'purl'> {
  readonly purl?: string
  readonly name: string
  readonly properties: ReadonlyMap<string, readonly string[]>
  /** Where the document's own fields say it was found. */
  readonly places?: readonly string[]
  /** Whether it must be a package, so that leaving it out is worth a remark. */
  readonly software: boolean
}

/** Purl types of images: the subject of a document, not a package in it. */
const imageTypes = new Set(['oci', 'docker'])

/** The packages of one subject as they are read from a document, entry by entry. */
export class ListedPackages {
  readonly #packages: Package[] = []
  readonly #named: Distribution[] = []
  readonly #qualified = new Map<string, Distribution>()
  readonly #remarks = new Remarks()
  readonly #layers: ReadonlyMap<string, number>

  constructor(layers: ReadonlyMap<string, number> = new Map()) {
    this.#layers = layers
  }

  addDistribution(distribution: Distribution): void {
    this.#named.push(distribution)
  }

  add(entry: Entry): void {
    const purl = entry.purl ?? purlOfProperties(entry.properties, entry.name, entry.version)
    if (purl === undefined) {
      if (entry.software) this.#remarks.withoutIdentity(entry.name)
      return
    }
    const parsed = parsePurl(purl)
    const derived = packageOfPurl({ ...entry, purl }, parsed)
    const own = packageOfProperties(entry.properties, derived, purl)
    if (own) {
      this.#packages.push(own)
      return
    }
    if (!derived) {
      if (!parsed) this.#remarks.withoutIdentity(entry.name)
      else if (!imageTypes.has(parsed.type)) this.#remarks.ofType(parsed.type)
      return
    }
    if (derived.version === '') this.#remarks.withoutVersion(derived.name)
    if (parsed && distributionTypes.has(derived.type)) {
      const distribution = distributionOfPurl(parsed)
      if (distribution) this.#qualified.set(`${distribution.id} ${distribution.version}`, distribution)
    }
    const pack = withForeignFacts(derived, entry.properties, this.#layers)
    const places = pack.locations.length === 0 ? (entry.places ?? []) : []
    this.#packages.push(
      places.length > 0
        ? { ...pack, locations: places.map((path) => placed(path, '', this.#layers, 'cyclonedx')) }
        : pack,
    )
  }

  /** What was read, completed with `known`, which our own documents state. */
  inventory(
    known: Omit<DocumentInventory, 'packages'> | undefined,
    reference: string | undefined,
  ): DocumentInventory {
    if (known)
      return { ...known, packages: this.#packages, reasons: [...known.reasons, ...this.#remarks.reasons()] }
    // What a document says of its system outranks what each package's purl says.
    const distribution = agreedDistribution(this.#named.length > 0 ? this.#named : this.#qualified.values())
    const found = this.#named.length > 0 ? this.#named : [...this.#qualified.values()]
    return {
      ...(reference ? { reference } : {}),
      ...(distribution ? { distribution } : {}),
      packages: this.#packages,
      repositoryCpes: [],
      reasons: [
        ...this.#remarks.reasons(),
        ...(!distribution && found.length > 0
          ? [
              {
                code: 'no-distribution' as const,
                message: `The document names several distributions (${found
                  .slice(0, 5)
                  .map(({ id, version }) => quoted([id, version].filter(Boolean).join(' ')))
                  .join(', ')}); which of them the packages belong to cannot be told.`,
                informational: true,
              },
            ]
          : []),
      ],
    }
  }
}
