import { DocumentFault } from '../document-fault.ts'
import { quoted } from '../printable.ts'
import { timestamp } from '../time.ts'
import { field, isObject, objectField, objectsOf, textField, textsOf, type Untrusted } from '../untrusted.ts'
import { Counter, documentId, sentence } from './counter.ts'
import { type CsafProducts, csafProducts } from './csaf-products.ts'
import {
  type VexDocument,
  type VexJustification,
  type VexStatement,
  type VexStatus,
  vexJustifications,
} from './statement.ts'

/** What the lists of a product status say; `recommended` says nothing of a vulnerability. */
const lists: readonly (readonly [name: string, status: VexStatus])[] = [
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
]

/** Reads CSAF 2.0 of the VEX profile. https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex */
export function readCsafVex(csaf: Untrusted): VexDocument {
  const document = objectField(csaf, 'document') ?? {}
  const version = textField(document, 'csaf_version')
  if (version !== '2.0')
    throw new DocumentFault('unsupported', `the document is CSAF ${quoted(version ?? '')}; CSAF 2.0 is read`)
  const category = textField(document, 'category') ?? ''
  if (category !== 'csaf_vex')
    throw new DocumentFault(
      'unsupported',
      `the document is CSAF of the category ${quoted(category) || 'that is missing'}; csaf_vex is read`,
    )
  const tracking = objectField(document, 'tracking') ?? {}
  const made = timestamp(textField(tracking, 'current_release_date'))
  const tracked = textField(tracking, 'id')
  const publisher = objectField(document, 'publisher') ?? {}
  const tree = objectField(csaf, 'product_tree') ?? {}
  const products = csafProducts(tree)
  const groups = groupsOf(tree)
  const counter = new Counter()
  const statements = counter
    .statements(csaf, 'vulnerabilities')
    .flatMap((raw) => statementsOf(raw, { products, groups, made, counter }))
  return {
    format: 'csaf',
    // Tracking ids are the publisher's own.
    id: documentId(
      tracked && [textField(publisher, 'namespace'), tracked].filter(Boolean).join(' '),
      'tracking id',
    ),
    version: textField(tracking, 'version') ?? '',
    author: sentence(field(publisher, 'name')) ?? '',
    ...(made ? { timestamp: made } : {}),
    statements,
  }
}

interface Surroundings {
  readonly products: CsafProducts
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly made: string | undefined
  readonly counter: Counter
}

function groupsOf(tree: Untrusted): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const group of objectsOf(tree, 'product_groups'))
    groups.set(textField(group, 'group_id') ?? '', textsOf(group, 'product_ids'))
  return groups
}

/** One statement for each status and each reason that products of it have. */
function statementsOf(raw: unknown, surroundings: Surroundings): readonly VexStatement[] {
  if (!isObject(raw))
    return [{ vulnerability: '', aliases: [], products: [], problem: 'the vulnerability is no object' }]
  const ids = objectsOf(raw, 'ids', 100).flatMap((id) => sentence(field(id, 'text')) ?? [])
  const [vulnerability = '', ...aliases] = [textField(raw, 'cve'), ...ids].flatMap((id) =>
    id === undefined || id.length > 200 ? [] : [quoted(id, 200)],
  )
  const status = objectField(raw, 'product_status') ?? {}
  const known = lists.flatMap(([name, word]) => {
    const products = textsOf(status, name)
    surroundings.counter.products(products.length)
    return products.length === 0 ? [] : [{ word, products }]
  })
  if (vulnerability === '' || known.length === 0)
    return [
      {
        vulnerability,
        aliases,
        products: [],
        problem:
          vulnerability === ''
            ? 'the vulnerability has no cve and no id'
            : 'the vulnerability has no product_status',
      },
    ]
  const reasons = reasonsOf(raw, surroundings.groups)
  return known.flatMap(({ word, products }) =>
    [...Map.groupBy(products, (id) => (word === 'not_affected' ? reasons.keyOf(id) : ''))].map(
      ([key, members]) =>
        statementOf({ vulnerability, aliases, status: word }, members, reasons.of(key), surroundings),
    ),
  )
}

function statementOf(
  said: Pick<VexStatement, 'vulnerability' | 'aliases'> & { readonly status: VexStatus },
  members: readonly string[],
  { justification, impact }: Reason,
  { products, made }: Surroundings,
): VexStatement {
  const why = said.status === 'not_affected' && !justification && !impact
  return {
    ...said,
    ...(said.status === 'not_affected' && justification ? { justification } : {}),
    ...(said.status === 'not_affected' && impact ? { impact } : {}),
    products: members.map(
      (id) =>
        products.get(id) ?? {
          name: quoted(id, 300),
          parts: [],
          problem: `the document has no product ${quoted(id, 300)}`,
        },
    ),
    ...(made ? { timestamp: made } : {}),
    ...(why
      ? {
          problem:
            'the products are known_not_affected and it is not said why: the profile asks for a flag or an impact',
        }
      : {}),
  }
}

interface Reason {
  readonly justification?: VexJustification
  readonly impact?: string
}

/** The flags and impacts of a vulnerability by product; one without products is for all of them. */
function reasonsOf(
  vulnerability: Untrusted,
  groups: ReadonlyMap<string, readonly string[]>,
): { keyOf(product: string): string; of(key: string): Reason } {
  const flags = new Map<string, VexJustification>()
  const impacts = new Map<string, string>()
  const targets = (entry: Untrusted) => {
    const named = [
      ...textsOf(entry, 'product_ids'),
      ...textsOf(entry, 'group_ids').flatMap((id) => groups.get(id) ?? []),
    ]
    return named.length === 0 ? [everyProduct] : named
  }
  for (const flag of objectsOf(vulnerability, 'flags')) {
    const label = vexJustifications.find((word) => word === textField(flag, 'label'))
    if (label) for (const id of targets(flag)) flags.set(id, label)
  }
  for (const threat of objectsOf(vulnerability, 'threats')) {
    const details =
      textField(threat, 'category') === 'impact' ? sentence(field(threat, 'details')) : undefined
    if (details) for (const id of targets(threat)) impacts.set(id, details)
  }
  const of = (product: string): Reason => {
    const justification = flags.get(product) ?? flags.get(everyProduct)
    const impact = impacts.get(product) ?? impacts.get(everyProduct)
    return { ...(justification ? { justification } : {}), ...(impact ? { impact } : {}) }
  }
  return {
    keyOf: (product) => JSON.stringify(of(product)),
    of: (key) => (key === '' ? {} : (JSON.parse(key) as Reason)),
  }
}

/** No product id: those are not empty. */
const everyProduct = ''
