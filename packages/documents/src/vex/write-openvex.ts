import { openVexContext } from './openvex.ts'
import type { VexJustification, VexStatus } from './statement.ts'

/** A product of a statement that is written. */
export interface WrittenVexProduct {
  /** Package URL of a package or an image. */
  readonly purl: string
  /** Package URLs of the packages in it that are meant; none: all of it. */
  readonly parts: readonly string[]
}

/** A statement that is written; `not_affected` needs a justification or an impact. */
export interface WrittenVexStatement {
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly status: VexStatus
  readonly justification?: VexJustification
  readonly impact?: string
  /** RFC 3339. */
  readonly timestamp: string
  readonly products: readonly WrittenVexProduct[]
}

/** A document that is written. */
export interface WrittenVex {
  /** The same for every version of it: an IRI. */
  readonly id: string
  readonly author: string
  /** RFC 3339. */
  readonly timestamp: string
  /** From 1; higher whenever anything in it changed. */
  readonly version: number
  readonly tooling: string
  readonly statements: readonly WrittenVexStatement[]
}

/** An OpenVEX 0.2.0 document as a JSON value. https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md */
export function openVexDocument({
  id,
  author,
  timestamp,
  version,
  tooling,
  statements,
}: WrittenVex): Record<string, unknown> {
  return {
    '@context': `${openVexContext}/v0.2.0`,
    '@id': id,
    author,
    timestamp,
    version,
    tooling,
    statements: statements.map(writtenStatement),
  }
}

function writtenStatement(statement: WrittenVexStatement): Record<string, unknown> {
  const { vulnerability, aliases, status, justification, impact, timestamp, products } = statement
  return {
    vulnerability: { name: vulnerability, ...(aliases.length > 0 ? { aliases } : {}) },
    timestamp,
    products: products.map(({ purl, parts }) => ({
      ...thing(purl),
      ...(parts.length > 0 ? { subcomponents: parts.map(thing) } : {}),
    })),
    status,
    ...(justification ? { justification } : {}),
    ...(impact ? { impact_statement: impact } : {}),
  }
}

function thing(purl: string): Record<string, unknown> {
  return { '@id': purl, identifiers: { purl } }
}
