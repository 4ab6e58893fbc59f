import assert from 'node:assert/strict'
import { DocumentFault } from '../../document-fault.ts'
import { readVex } from '../read.ts'
import type { VexDocument, VexProduct, VexStatement } from '../statement.ts'

/** Of an image. */
export const digest = `sha256:${'ab'.repeat(32)}`
/** When the documents were made. */
export const at = '2026-02-03T04:05:06.000Z'

/** OpenVEX with these statements. */
export const openVex = (statements: unknown, more: object = {}) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://acme.example/vex/7',
  author: 'Acme Security',
  timestamp: '2026-02-03T05:05:06+01:00',
  version: 3,
  statements,
  ...more,
})

/** CycloneDX with these vulnerabilities. */
export const cycloneDx = (vulnerabilities: unknown, more: object = {}) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 2,
  metadata: { timestamp: at, authors: [{ name: 'Acme Security' }] },
  vulnerabilities,
  ...more,
})

/** CSAF of the VEX profile with these vulnerabilities and this product tree. */
export const csaf = (vulnerabilities: unknown, tree: object = {}, document: object = {}) => ({
  document: {
    category: 'csaf_vex',
    csaf_version: '2.0',
    publisher: { category: 'vendor', name: 'Acme Security', namespace: 'https://acme.example' },
    title: 'Checkout',
    tracking: {
      id: 'ACME-2026-7',
      version: '1.2.0',
      status: 'final',
      initial_release_date: '2026-01-01T00:00:00Z',
      current_release_date: at,
      revision_history: [],
    },
    ...document,
  },
  product_tree: tree,
  vulnerabilities,
})

/** Products in a line each: what they stand for, or why for nothing. */

export function lines(products: readonly VexProduct[]): readonly string[] {
  const line = ({ purl, image, problem }: Omit<VexProduct, 'parts'>) => {
    if (problem) return `? ${problem}`
    if (purl) return purl
    const { registry, repository, tag, digest, architecture } = image ?? {}
    return [registry, repository, tag, digest, architecture].map((text) => text ?? '-').join(' ')
  }
  return products.map((product) => [line(product), ...product.parts.map((part) => line(part))].join(' > '))
}

/** The one statement of a document. */
export function only(document: VexDocument): VexStatement {
  assert.equal(document.statements.length, 1)
  const [statement] = document.statements
  assert.ok(statement)
  return statement
}

/** Why a document is refused. */
export function faultOf(document: unknown): DocumentFault {
  try {
    readVex(document)
  } catch (error) {
    assert.ok(error instanceof DocumentFault, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the document was read' })
}
