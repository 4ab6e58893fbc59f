import type { VexDocument, VexImage, VexProduct, VexStatement, VexStatus, VexThing } from '@lanner/documents'

/** Why something of a VEX document was not taken. */
export type VexRefusalReason =
  | 'spares_nothing'
  | 'incomplete'
  | 'no_product'
  | 'unsupported_product'
  | 'no_such_vulnerability'
  | 'no_such_image'
  | 'no_such_package'
  | 'older'

/** What was not taken, and why in a sentence. */
export interface VexRefusal {
  /** As the document calls it; absent where the whole statement is meant. */
  readonly product?: string
  readonly reason: VexRefusalReason
  readonly message: string
}

/** What one statement says of one product: the package, the image, or the package in the image. */
export interface VexClaim {
  /** Place of its statement in the document, from 0. */
  readonly statement: number
  /** As the document calls the product, and the part of it. */
  readonly product: string
  /** Every name that the statement has for the vulnerability, its own first. */
  readonly names: readonly string[]
  readonly status: VexStatus
  readonly image?: VexImage
  readonly purl?: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The claims of a document, and by statement what of it is none. */
export interface ReadClaims {
  readonly claims: readonly VexClaim[]
  readonly refusals: ReadonlyMap<number, readonly VexRefusal[]>
}

/** Takes a document apart. Statements without a time count as made `now`. */
export function claimsOf({ statements }: VexDocument, now: number): ReadClaims {
  const claims: VexClaim[] = []
  const refusals = new Map<number, VexRefusal[]>()
  for (const [place, statement] of statements.entries()) {
    const refused: VexRefusal[] = []
    claims.push(...ofStatement(statement, place, now, refused))
    if (refused.length > 0) refusals.set(place, refused)
  }
  return { claims, refusals }
}

function ofStatement(
  { vulnerability, aliases, status, products, timestamp, problem }: VexStatement,
  statement: number,
  now: number,
  refused: VexRefusal[],
): readonly VexClaim[] {
  if (problem || !status) {
    refused.push({ reason: 'incomplete', message: problem ?? 'the statement has no status' })
    return []
  }
  if (products.length === 0) {
    refused.push({ reason: 'no_product', message: 'the statement names no product' })
    return []
  }
  const names = [...new Set([vulnerability, ...aliases].map(nameOf))]
  // A time that has not come yet would put an end to every word that follows.
  const at = Math.min(now, timestamp === undefined ? now : Date.parse(timestamp))
  return products.flatMap((product) =>
    ofProduct(product, refused).map((said) => ({ statement, names, status, at, ...said })),
  )
}

type Said = Pick<VexClaim, 'product' | 'image' | 'purl'>

function ofProduct(product: VexProduct, refused: VexRefusal[]): readonly Said[] {
  const refuse = (name: string, message: string) => {
    refused.push({ product: name, reason: 'unsupported_product', message })
    return []
  }
  if (product.problem) return refuse(product.name, product.problem)
  const { name, image, purl, parts } = product
  if (parts.length === 0) return [{ product: name, ...(image ? { image } : {}), ...(purl ? { purl } : {}) }]
  return parts.flatMap((part): readonly Said[] => {
    const full = `${part.name} in ${name}`
    if (part.problem) return refuse(full, part.problem)
    if (image && part.purl) return [{ product: full, image, purl: part.purl }]
    if (isSame(part, product)) return [{ product: name, ...(purl ? { purl } : { image }) }]
    return refuse(
      full,
      `${full}: a part can be told apart by the image that it is in, and by no other product`,
    )
  })
}

function isSame(one: VexThing, other: VexThing): boolean {
  return one.purl !== undefined
    ? one.purl === other.purl
    : one.image?.digest !== undefined && one.image.digest === other.image?.digest
}

/** CVE names are written in capitals, whoever writes them. */
function nameOf(name: string): string {
  return /^cve-/i.test(name) ? name.toUpperCase() : name
}
