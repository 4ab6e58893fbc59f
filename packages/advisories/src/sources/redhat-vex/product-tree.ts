import { parsePurl } from '@lanner/model'
import { fieldsOf, listOf, nameOf } from '../source.ts'

/** Where a product id of a Red Hat document leads: an rpm in a product, perhaps within a module stream. */
export interface RpmOfProduct {
  /** Tail of the product's CPE: `enterprise_linux:9::appstream`. */
  readonly platform: string
  readonly name: string
  /** `epoch:version-release`; absent for products without a fix. */
  readonly version?: string
  /** `name:stream`. */
  readonly module?: string
}

/** `problem` names what should have led to an rpm and does not; `other` is no rpm at all (an image, a jar, a whole product). */
export type Resolution = { readonly rpm: RpmOfProduct } | { readonly problem: string } | 'other'

interface Product {
  readonly cpe?: string
  readonly purl?: string
}

interface Relationship {
  readonly component: string
  readonly platform: string
}

/** The largest documents have some 60,000 products. */
const caps = { products: 1_000_000, depth: 32, hops: 8 } as const

/** The product tree of a CSAF document. https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property */
export class ProductTree {
  readonly #products = new Map<string, Product>()
  readonly #relationships = new Map<string, Relationship>()

  constructor(json: unknown) {
    const tree = fieldsOf(json)
    this.#readBranches(tree['branches'], 0)
    for (const product of listOf(tree['full_product_names'])) this.#readProduct(product)
    for (const item of listOf(tree['relationships'])) {
      const { full_product_name, product_reference, relates_to_product_reference } = fieldsOf(item)
      const id = fieldsOf(full_product_name)['product_id']
      if (typeof id !== 'string' || typeof product_reference !== 'string') continue
      if (typeof relates_to_product_reference !== 'string' || this.#relationships.size >= caps.products)
        continue
      this.#relationships.set(id, { component: product_reference, platform: relates_to_product_reference })
    }
  }

  resolve(id: string): Resolution {
    const relationship = this.#relationships.get(id)
    // A product in its own right, fixed by a release of that product and not by a package.
    if (relationship === undefined) return 'other'
    const platform = this.#platform(relationship.platform)
    if (platform === undefined) return { problem: `${quoted(id)} leads to no product with a CPE of Red Hat` }
    const { purl } = this.#products.get(relationship.component) ?? {}
    if (purl === undefined) return this.#unidentified(relationship.component, platform)
    const parsed = parsePurl(purl)
    if (parsed === undefined) return { problem: `${quoted(id)} has a purl that cannot be read` }
    if (parsed.type !== 'rpm') return 'other'
    const name = nameOf(parsed.name)
    if (name === undefined) return { problem: `${quoted(id)} has no package name` }
    const labelled = parsed.qualifiers['rpmmod']
    const module = labelled === undefined ? platform.module : moduleOf(labelled)
    if (labelled !== undefined && module === undefined) {
      return { problem: `${quoted(id)} names the module ${quoted(labelled)}, which is not name:stream` }
    }
    const version = parsed.version && `${parsed.qualifiers['epoch'] ?? '0'}:${parsed.version}`
    return {
      rpm: {
        platform: platform.tail,
        name,
        ...(version ? { version } : {}),
        ...(module ? { module } : {}),
      },
    }
  }

  /** Older documents name packages without a fix by nothing but their name; images have a path. */
  #unidentified(component: string, platform: { tail: string; module?: string }): Resolution {
    const name = nameOf(component)
    if (name === undefined || !/^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(name)) return 'other'
    return { rpm: { platform: platform.tail, name, ...(platform.module ? { module: platform.module } : {}) } }
  }

  /** Follows relationships to the product with a CPE; a module may stand on the way (package of module of product). */
  #platform(start: string): { tail: string; module?: string } | undefined {
    let module: string | undefined
    let id = start
    for (let hop = 0; hop < caps.hops; hop++) {
      const cpe = this.#products.get(id)?.cpe
      const tail = cpe && tailOf(cpe)
      if (tail) return { tail, ...(module ? { module } : {}) }
      const relationship = this.#relationships.get(id)
      if (relationship === undefined) return undefined
      const purl = this.#products.get(relationship.component)?.purl
      const parsed = purl === undefined ? undefined : parsePurl(purl)
      if (parsed?.type === 'rpmmod' && parsed.version) module = moduleOf(`${parsed.name}:${parsed.version}`)
      id = relationship.platform
    }
    return undefined
  }

  #readBranches(value: unknown, depth: number): void {
    if (depth > caps.depth) return
    for (const item of listOf(value)) {
      const branch = fieldsOf(item)
      if (branch['product'] !== undefined) this.#readProduct(branch['product'])
      this.#readBranches(branch['branches'], depth + 1)
    }
  }

  #readProduct(value: unknown): void {
    const { product_id, product_identification_helper } = fieldsOf(value)
    if (typeof product_id !== 'string' || this.#products.size >= caps.products) return
    const { cpe, purl } = fieldsOf(product_identification_helper)
    this.#products.set(product_id, {
      ...(typeof cpe === 'string' ? { cpe } : {}),
      ...(typeof purl === 'string' ? { purl } : {}),
    })
  }
}

/** `enterprise_linux:8::appstream` of `cpe:/a:redhat:enterprise_linux:8::appstream`. */
function tailOf(cpe: string): string | undefined {
  const tail = /^cpe:\/[aho]:redhat:(?<tail>[^*\s]{1,200})$/.exec(cpe)?.groups?.['tail']
  return tail && nameOf(tail.replace(/:+$/, ''))
}

/** `virt:rhel` of `virt:rhel:8100020240704072441:489197e6`. */
function moduleOf(label: string): string | undefined {
  const parts = /^(?<name>[^:/\s]{1,100}):(?<stream>[^:/\s]{1,100})(?::|$)/.exec(label)?.groups
  return parts && `${parts['name']}:${parts['stream']}`
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200))
}
