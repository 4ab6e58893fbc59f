import type { AdvisoryRecord, AffectedPackage } from '@lanner/matching'
import type { FixState } from '@lanner/model'
import {
  type Fields,
  fieldsOf,
  isObject,
  listOf,
  type NativeRecord,
  type Refusal,
  textOf,
} from '../source.ts'
import { ProductTree, type RpmOfProduct } from './product-tree.ts'

export const feed = 'redhat-vex'

/** Products of one status in one document; the largest seen has some 20,000. */
const statusCap = 1_000_000

/**
 * Reads a VEX document of Red Hat (CSAF 2.0, profile VEX, one CVE): for each rpm of each product whether it is fixed, affected
 * (and then why there is no fix), not affected (and then why) or under investigation. Architectures of one package become one
 * entry. https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/
 */
export function readRedHatVex(
  json: unknown,
):
  | { readonly records: readonly NativeRecord[]; readonly refused: readonly Refusal[] }
  | { readonly problem: string } {
  if (!isObject(json)) return { problem: 'is not an object' }
  const document = fieldsOf(json['document'])
  if (document['csaf_version'] !== '2.0' || !Array.isArray(json['vulnerabilities']))
    return { problem: 'is no CSAF 2.0 document' }
  const modified = textOf(fieldsOf(document['tracking'])['current_release_date'], 64)
  if (modified === undefined || Number.isNaN(Date.parse(modified)))
    return { problem: 'says not when it was released' }
  const tree = new ProductTree(json['product_tree'])
  const records: NativeRecord[] = []
  const refused: Refusal[] = []
  for (const item of json['vulnerabilities']) {
    const vulnerability = fieldsOf(item)
    const cve = vulnerability['cve']
    if (typeof cve !== 'string' || !/^CVE-\d{4}-\d{4,19}$/.test(cve))
      return { problem: 'has a vulnerability without a CVE' }
    const record = recordOf(cve, modified, vulnerability)
    records.push({
      record,
      affected: affectedOf(record.id, vulnerability, tree, ratingOf(document), refused),
    })
  }
  return { records, refused }
}

function recordOf(cve: string, modified: string, vulnerability: Fields): AdvisoryRecord {
  const published = textOf(vulnerability['release_date'], 64)
  const summary = textOf(vulnerability['title'], 1_000)
  const description = listOf(vulnerability['notes']).find(
    (note) => fieldsOf(note)['category'] === 'description',
  )
  const details = textOf(fieldsOf(description)['text'], 4_000)
  const cwe = fieldsOf(vulnerability['cwe'])['id']
  const addresses = listOf(vulnerability['references'])
    .slice(0, 100)
    .map((reference) => textOf(fieldsOf(reference)['url'], 2_048))
  return {
    id: `${feed}/${cve}`,
    feed,
    aliases: [],
    upstream: [cve],
    related: [],
    ...(published ? { published } : {}),
    modified,
    ...(summary ? { summary } : {}),
    ...(details ? { details } : {}),
    severity: severitiesOf(vulnerability['scores']),
    references: addresses.filter(
      (address) => address !== undefined && /^https?:\/\//i.test(address),
    ) as string[],
    cwes: typeof cwe === 'string' && /^CWE-\d+$/.test(cwe) ? [cwe] : [],
  }
}

function severitiesOf(scores: unknown): { type: string; score: string }[] {
  const found = new Map<string, { type: string; score: string }>()
  for (const item of listOf(scores).slice(0, 64)) {
    for (const [field, type] of [
      ['cvss_v4', 'CVSS_V4'],
      ['cvss_v3', 'CVSS_V3'],
      ['cvss_v2', 'CVSS_V2'],
    ] as const) {
      const score = textOf(fieldsOf(fieldsOf(item)[field])['vectorString'], 512)
      if (score) found.set(score, { type, score })
    }
  }
  return [...found.values()]
}

function ratingOf(document: Fields): string | undefined {
  return ratingWord(fieldsOf(document['aggregate_severity'])['text'])
}

/** Red Hat writes `None` for what it has not rated. */
function ratingWord(value: unknown): string | undefined {
  const word = textOf(value, 64)
  return word === undefined || word.toLowerCase() === 'none' ? undefined : word
}

function affectedOf(
  advisory: string,
  vulnerability: Fields,
  tree: ProductTree,
  ratingOfAll: string | undefined,
  refused: Refusal[],
): AffectedPackage[] {
  const impacts = byProduct(vulnerability['threats'], (threat) =>
    threat['category'] === 'impact' ? ratingWord(threat['details']) : undefined,
  )
  const flags = byProduct(vulnerability['flags'], (flag) => textOf(flag['label'], 256))
  const unfixed = byProduct(vulnerability['remediations'], unfixedState)
  const found = new Map<string, Statement>()
  const status = fieldsOf(vulnerability['product_status'])
  for (const [name, read] of Object.entries(readStatus)) {
    for (const id of listOf(status[name]).slice(0, statusCap)) {
      if (typeof id !== 'string') continue
      const resolution = tree.resolve(id)
      if (resolution === 'other') continue
      if ('problem' in resolution) {
        refused.push({ name: advisory, problem: resolution.problem })
        continue
      }
      const rating = impacts.get(id) ?? ratingOfAll
      add(found, resolution.rpm, read({ flag: flags.get(id), unfixed: unfixed.get(id) }), rating)
    }
  }
  return [...found.values()].map((statement) => entryOf(advisory, statement))
}

interface Statement {
  readonly rpm: RpmOfProduct
  readonly state: State
  readonly rating?: string
  readonly fixed: Set<string>
}

type State = Pick<AffectedPackage, 'fixState' | 'fixReason' | 'notAffected'> & { readonly isFixed?: boolean }

const readStatus: Readonly<
  Record<string, (about: { flag?: string; unfixed?: { fixState: FixState; fixReason: string } }) => State>
> = {
  fixed: () => ({ isFixed: true }),
  known_affected: ({ unfixed }) => unfixed ?? { fixState: 'not-fixed' },
  known_not_affected: ({ flag }) => ({ notAffected: true, ...(flag ? { fixReason: flag } : {}) }),
  under_investigation: () => ({ fixState: 'under-investigation', fixReason: 'under_investigation' }),
}

/** What Red Hat calls the categories of missing fixes; `vendor_fix`, `workaround` and `mitigation` say nothing of the state. */
function unfixedState(remediation: Fields): { fixState: FixState; fixReason: string } | undefined {
  const category = remediation['category']
  if (category !== 'none_available' && category !== 'no_fix_planned') return undefined
  const fixReason = textOf(remediation['details'], 256) ?? category
  switch (fixReason.toLowerCase()) {
    case 'fix deferred':
      return { fixState: 'deferred', fixReason }
    case 'out of support scope':
      return { fixState: 'end-of-life', fixReason }
    case 'will not fix':
      return { fixState: 'will-not-fix', fixReason }
    default:
      return { fixState: category === 'no_fix_planned' ? 'will-not-fix' : 'not-fixed', fixReason }
  }
}

/** A value for each product that the items name; the first one stands. */
function byProduct<Value>(items: unknown, read: (item: Fields) => Value | undefined): Map<string, Value> {
  const values = new Map<string, Value>()
  for (const item of listOf(items)) {
    const fields = fieldsOf(item)
    const value = read(fields)
    if (value === undefined) continue
    for (const id of listOf(fields['product_ids']).slice(0, statusCap)) {
      if (typeof id === 'string' && !values.has(id)) values.set(id, value)
    }
  }
  return values
}

function add(
  found: Map<string, Statement>,
  rpm: RpmOfProduct,
  state: State,
  rating: string | undefined,
): void {
  const key = [
    rpm.platform,
    rpm.name,
    rpm.module,
    state.isFixed,
    state.fixState,
    state.fixReason,
    state.notAffected,
    rating,
  ].join('\n')
  let statement = found.get(key)
  if (statement === undefined) {
    statement = { rpm, state, fixed: new Set(), ...(rating ? { rating } : {}) }
    found.set(key, statement)
  }
  if (state.isFixed && rpm.version) statement.fixed.add(rpm.version)
}

/**
 * One product may be fixed by several builds, one for each minor release that was maintained at the time (`-23.el9_2.4` and
 * `-26.el9_3.2` under one CPE). What lies between them may be an unfixed build of the later release, so each fix makes a range:
 * only what is not older than the newest of them is fixed. Extended update streams have CPEs of their own.
 */
function entryOf(advisory: string, { rpm, state, rating, fixed }: Statement): AffectedPackage {
  const { isFixed, ...rest } = state
  const fixes = [...fixed]
    .sort()
    .map((version) => ({ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] }) as const)
  const everyVersion = { type: 'ECOSYSTEM', events: [{ introduced: '0' }] } as const
  // Fixed without a version to compare with: nothing says which versions are affected.
  const silent = rest.notAffected || (isFixed && fixed.size === 0)
  return {
    advisory,
    feed,
    ecosystem: `Red Hat:${rpm.platform}`,
    name: rpm.name,
    ranges: silent ? [] : isFixed ? fixes : [everyVersion],
    versions: [],
    ...(isFixed && fixed.size === 0 ? { fixState: 'unknown' } : {}),
    ...rest,
    ...(rating ? { rating } : {}),
    ...(rpm.module ? { module: rpm.module } : {}),
  }
}
