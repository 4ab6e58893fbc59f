import { DocumentFault } from '../document-fault.ts'
import { quoted } from '../printable.ts'
import { timestamp } from '../time.ts'
import { field, isObject, objectField, textField, textOf, type Untrusted } from '../untrusted.ts'
import { Counter, documentId, sentence } from './counter.ts'
import { thingOf } from './product.ts'
import {
  type VexDocument,
  type VexProduct,
  type VexStatement,
  type VexThing,
  vexJustifications,
  vexStatuses,
} from './statement.ts'

/** What the context of an OpenVEX document begins with. https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md */
export const openVexContext = 'https://openvex.dev/ns'

/** Reads OpenVEX 0.2.0, and 0.0.x, which writes vulnerabilities and products as texts. */
export function readOpenVex(document: Untrusted): VexDocument {
  const counter = new Counter()
  const made = timestamp(textField(document, 'last_updated')) ?? timestamp(textField(document, 'timestamp'))
  const version = field(document, 'version')
  const statements = counter.statements(document, 'statements')
  if (field(document, 'statements') === undefined)
    throw new DocumentFault('malformed', 'the OpenVEX document has no statements')
  return {
    format: 'openvex',
    id: documentId(textField(document, '@id'), '@id'),
    version: typeof version === 'number' || typeof version === 'string' ? String(version).slice(0, 100) : '',
    author: sentence(field(document, 'author')) ?? '',
    ...(made ? { timestamp: made } : {}),
    statements: statements.map((statement) => readStatement(statement, document, counter)),
  }
}

function readStatement(raw: unknown, document: Untrusted, counter: Counter): VexStatement {
  if (!isObject(raw)) return nothing('the statement is no object')
  const { name, aliases } = vulnerabilityOf(field(raw, 'vulnerability'))
  const word = textField(raw, 'status') ?? ''
  const status = vexStatuses.find((known) => known === word)
  const reason = textField(raw, 'justification')
  const justification = vexJustifications.find((known) => known === reason)
  const impact = sentence(field(raw, 'impact_statement'))
  const action = sentence(field(raw, 'action_statement'))
  // A statement takes what it does not say of its time from the document.
  const at = ['last_updated', 'timestamp']
    .flatMap((member) => [timestamp(textField(raw, member))])
    .concat(timestamp(textField(document, 'last_updated')), timestamp(textField(document, 'timestamp')))
    .find((time) => time !== undefined)
  const problem =
    name === ''
      ? 'the statement names no vulnerability'
      : !status
        ? `the status ${quoted(word) || 'that is missing'} is none of ${vexStatuses.join(', ')}`
        : reason !== undefined && !justification
          ? `the justification ${quoted(reason)} is none of ${vexJustifications.join(', ')}`
          : status === 'not_affected' && !justification && !impact
            ? 'the statement says not_affected and not why: OpenVEX asks for a justification or an impact_statement'
            : undefined
  return {
    vulnerability: name,
    aliases,
    ...(status ? { status } : {}),
    ...(justification ? { justification } : {}),
    ...(impact ? { impact } : {}),
    ...(action ? { action } : {}),
    products: productsOf(raw, counter),
    ...(at ? { timestamp: at } : {}),
    ...(problem ? { problem } : {}),
  }
}

function nothing(problem: string): VexStatement {
  return { vulnerability: '', aliases: [], products: [], problem }
}

function vulnerabilityOf(raw: unknown): { readonly name: string; readonly aliases: readonly string[] } {
  if (typeof raw === 'string') return { name: shortId(raw), aliases: [] }
  if (!isObject(raw)) return { name: '', aliases: [] }
  const aliases = field(raw, 'aliases')
  return {
    name: shortId(textField(raw, 'name') ?? textField(raw, '@id') ?? ''),
    aliases: (Array.isArray(aliases) ? aliases.slice(0, 100) : [])
      .flatMap((alias) => textOf(alias) ?? [])
      .map(shortId)
      .filter((alias) => alias !== ''),
  }
}

/** A name, or the end of an address that leads to it: `https://nvd.nist.gov/vuln/detail/CVE-2023-12345`. */
export function shortId(text: string): string {
  const trimmed = text.trim()
  const id = /^https?:\/\//.test(trimmed) ? (trimmed.split(/[/#]/).findLast(Boolean) ?? '') : trimmed
  return id.length <= 200 ? quoted(id, 200) : ''
}

function productsOf(statement: Untrusted, counter: Counter): readonly VexProduct[] {
  const products = listOf(statement, 'products')
  // 0.0.x has the parts of all products beside them.
  const shared = listOf(statement, 'subcomponents')
  return products.map((product): VexProduct => {
    const own = isObject(product) ? listOf(product, 'subcomponents') : []
    const parts = [...own, ...shared]
    counter.products(1 + parts.length)
    return { ...readThing(product), parts: parts.map(readThing) }
  })
}

function listOf(object: Untrusted, name: string): readonly unknown[] {
  const value = field(object, name)
  return Array.isArray(value) ? value : []
}

function readThing(raw: unknown): VexThing {
  if (typeof raw === 'string') return thingOf({ name: raw, purls: [] })
  if (!isObject(raw)) return thingOf({ name: '', purls: [] })
  const identifiers = objectField(raw, 'identifiers') ?? {}
  const hashes = objectField(raw, 'hashes') ?? {}
  const purl = textField(identifiers, 'purl')
  const sha256 = textField(hashes, 'sha-256')?.toLowerCase()
  const cpe = textField(identifiers, 'cpe23') ?? textField(identifiers, 'cpe22')
  return thingOf({
    name: textField(raw, '@id') ?? '',
    purls: purl ? [purl] : [],
    ...(sha256 && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : {}),
    ...(cpe ? { otherwise: cpe } : {}),
  })
}
