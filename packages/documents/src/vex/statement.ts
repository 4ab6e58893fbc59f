/** What can be said of a vulnerability in a product. https://www.cisa.gov/sites/default/files/2023-04/minimum-requirements-for-vex-508c.pdf */
export const vexStatuses = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const
/** One of `vexStatuses`. */
export type VexStatus = (typeof vexStatuses)[number]

/** Why a product is not affected; OpenVEX and CSAF have the same five words. */
export const vexJustifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const
/** One of `vexJustifications`. */
export type VexJustification = (typeof vexJustifications)[number]

/** An image that a statement speaks of: by its digest, or by a name with or without a tag. */
export interface VexImage {
  /** Host; absent where the document names none. */
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  /** Of a manifest or an index. */
  readonly digest?: string
  readonly architecture?: string
}

/** A package or an image of a statement; `problem` says why it is neither. */
export interface VexThing {
  /** As the document calls it. */
  readonly name: string
  /** Package URL of a package. */
  readonly purl?: string
  readonly image?: VexImage
  readonly problem?: string
}

/** A product; with parts, only these are spoken of, as they are in the product. */
export interface VexProduct extends VexThing {
  readonly parts: readonly VexThing[]
}

/** One statement of a document, in the words that all formats share. */
export interface VexStatement {
  /** Empty where the statement names none. */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly status?: VexStatus
  readonly justification?: VexJustification
  /** Why it is not affected, in the author's words. */
  readonly impact?: string
  /** What to do about it. */
  readonly action?: string
  readonly products: readonly VexProduct[]
  /** RFC 3339 in UTC; absent where neither statement nor document is dated. */
  readonly timestamp?: string
  /** Why the statement says nothing that could be used. */
  readonly problem?: string
}

/** A VEX document. */
export interface VexDocument {
  readonly format: 'openvex' | 'cyclonedx' | 'csaf'
  /** The same in every version of the document. */
  readonly id: string
  readonly version: string
  readonly author: string
  /** When this version was made. */
  readonly timestamp?: string
  readonly statements: readonly VexStatement[]
}

/** What is read of a VEX document; more is a DocumentFault `limit-exceeded`. */
export const vexLimits = {
  statements: 20_000,
  /** Products of all statements together, each part counted. */
  products: 100_000,
  /** Branches or components inside each other. */
  depth: 64,
  /** Characters of a text that is kept: a reason, a name. */
  text: 2000,
} as const
