import { distributionTypes, isPackageType, parsePurl } from '@lanner/model'
import { DocumentFault } from '../document-fault.ts'
import { objectField, objectsOf, textField, textsOf, type Untrusted } from '../untrusted.ts'
import { thingOf } from './product.ts'
import { type VexProduct, type VexThing, vexLimits } from './statement.ts'

/** The products of a document by their ids, with what they are part of. */
export type CsafProducts = ReadonlyMap<string, VexProduct>

/** Reads a product tree. https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property */
export function csafProducts(tree: Untrusted): CsafProducts {
  const things = new Map<string, VexThing>()
  for (const product of [...objectsOf(tree, 'full_product_names'), ...ofBranches(tree)]) {
    const id = textField(product, 'product_id')
    if (id !== undefined && !things.has(id)) things.set(id, thingOfProduct(product))
  }
  const products = new Map<string, VexProduct>()
  for (const [id, thing] of things) products.set(id, { ...thing, parts: [] })
  for (const relationship of objectsOf(tree, 'relationships')) {
    const product = objectField(relationship, 'full_product_name')
    const id = product && textField(product, 'product_id')
    if (product && id !== undefined && !products.has(id))
      products.set(id, related(product, relationship, products))
  }
  return products
}

function ofBranches(tree: Untrusted): readonly Untrusted[] {
  const found: Untrusted[] = []
  let level = objectsOf(tree, 'branches')
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > vexLimits.depth)
      throw new DocumentFault('limit-exceeded', `branches lie deeper than ${vexLimits.depth} levels`)
    for (const branch of level) {
      const product = objectField(branch, 'product')
      if (product) found.push(product)
    }
    level = level.flatMap((branch) => objectsOf(branch, 'branches'))
    if (found.length + level.length > vexLimits.products)
      throw new DocumentFault('limit-exceeded', `the document has more than ${vexLimits.products} products`)
  }
  return found
}

function thingOfProduct(product: Untrusted): VexThing {
  const helper = objectField(product, 'product_identification_helper') ?? {}
  const purl = textField(helper, 'purl')
  const cpe = textField(helper, 'cpe')
  return thingOf({
    name: textField(product, 'name') ?? textField(product, 'product_id') ?? '',
    purls: [...(purl ? [purl] : []), ...textsOf(helper, 'purls')],
    ...(cpe ? { otherwise: cpe } : {}),
  })
}

/** A component as it comes with something: with an image it is a part of that; else the platform has to be in the purl. */
function related(
  product: Untrusted,
  relationship: Untrusted,
  products: ReadonlyMap<string, VexProduct>,
): VexProduct {
  const own = thingOfProduct(product)
  const name = own.name
  const component = products.get(textField(relationship, 'product_reference') ?? '')
  const whole = products.get(textField(relationship, 'relates_to_product_reference') ?? '')
  if (!component || !whole)
    return { name, parts: [], problem: `${name} relates products that the document does not have` }
  if (component.parts.length > 0 || whole.parts.length > 0)
    return { name, parts: [], problem: `${name} is a relation of relations, which cannot be told apart` }
  const { parts: _, ...thing } = component
  if (whole.image || whole.purl) return { ...whole, name, parts: [thing] }
  const of = own.purl || own.image ? own : thing
  if (of.image || isBuild(of.purl)) return { ...of, name, parts: [] }
  return {
    name,
    parts: [],
    problem: of.problem ?? `${name}: packages cannot be asked for as parts of ${whole.name}`,
  }
}

/** A distribution's package in one version is built for one release of it: its package URL says the platform, too. */
function isBuild(text: string | undefined): boolean {
  const purl = text === undefined ? undefined : parsePurl(text)
  return purl?.version !== undefined && isPackageType(purl.type) && distributionTypes.has(purl.type)
}
