import { DocumentFault } from '../document-fault.ts'
import { quoted } from '../printable.ts'
import { timestamp } from '../time.ts'
import {
  field,
  isObject,
  objectField,
  objectsOf,
  textField,
  textOf,
  textsOf,
  type Untrusted,
} from '../untrusted.ts'
import { Counter, documentId, sentence } from './counter.ts'
import { shortId } from './openvex.ts'
import { thingOf } from './product.ts'
import {
  type VexDocument,
  type VexJustification,
  type VexProduct,
  type VexStatement,
  type VexStatus,
  type VexThing,
  vexLimits,
} from './statement.ts'

/** What the states of an analysis mean for its components. https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis_state */
const states: ReadonlyMap<string, VexStatus> = new Map<string, VexStatus>([
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', 'under_investigation'],
  ['false_positive', 'not_affected'],
  ['not_affected', 'not_affected'],
])

/** Only the words that mean the same; the others (`requires_configuration`) are kept as the beginning of the reason. */
const justifications: ReadonlyMap<string, VexJustification> = new Map<string, VexJustification>([
  ['code_not_present', 'vulnerable_code_not_present'],
  ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
  ['protected_by_compiler', 'inline_mitigations_already_exist'],
  ['protected_at_runtime', 'inline_mitigations_already_exist'],
  ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
])

/** Reads the analyses of vulnerabilities in CycloneDX 1.4 to 1.7, beside an inventory or alone. */
export function readCycloneDxVex(document: Untrusted): VexDocument {
  const spec = textField(document, 'specVersion') ?? ''
  if (!/^1\.[4-7]$/.test(spec))
    throw new DocumentFault(
      'unsupported',
      `the document is CycloneDX ${quoted(spec) || 'without a version'}; analyses of vulnerabilities are read in 1.4 to 1.7`,
    )
  const counter = new Counter()
  const metadata = objectField(document, 'metadata') ?? {}
  const made = timestamp(textField(metadata, 'timestamp'))
  const version = field(document, 'version')
  const named = componentsByRef(document)
  const statements = counter.statements(document, 'vulnerabilities')
  return {
    format: 'cyclonedx',
    id: documentId(textField(document, 'serialNumber'), 'serialNumber'),
    version: typeof version === 'number' ? String(version) : '1',
    author: authorOf(metadata),
    ...(made ? { timestamp: made } : {}),
    statements: statements.map((raw) => readVulnerability(raw, named, made, counter)),
  }
}

interface Components {
  readonly byRef: ReadonlyMap<string, Untrusted>
  /** What the document is about, where it says so. */
  readonly subject?: Untrusted
}

function componentsByRef(document: Untrusted): Components {
  const byRef = new Map<string, Untrusted>()
  const subject = objectField(objectField(document, 'metadata') ?? {}, 'component')
  let level = [...(subject ? [subject] : []), ...objectsOf(document, 'components')]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > vexLimits.depth)
      throw new DocumentFault('limit-exceeded', `components lie deeper than ${vexLimits.depth} levels`)
    for (const component of level) {
      const ref = textField(component, 'bom-ref')
      if (ref !== undefined && !byRef.has(ref)) byRef.set(ref, component)
    }
    level = level.flatMap((component) => objectsOf(component, 'components'))
  }
  return { byRef, ...(subject ? { subject } : {}) }
}

function authorOf(metadata: Untrusted): string {
  const names = [
    ...objectsOf(metadata, 'authors').map(
      (author) => textField(author, 'name') ?? textField(author, 'email'),
    ),
    textField(objectField(metadata, 'manufacturer') ?? {}, 'name'),
    textField(objectField(metadata, 'manufacture') ?? {}, 'name'),
    textField(objectField(metadata, 'supplier') ?? {}, 'name'),
  ]
  return sentence(names.find((name) => name !== undefined)) ?? ''
}

function readVulnerability(
  raw: unknown,
  components: Components,
  made: string | undefined,
  counter: Counter,
): VexStatement {
  if (!isObject(raw))
    return { vulnerability: '', aliases: [], products: [], problem: 'the vulnerability is no object' }
  const vulnerability = shortId(textField(raw, 'id') ?? '')
  const analysis = objectField(raw, 'analysis')
  const state = analysis ? (textField(analysis, 'state') ?? '') : ''
  const status = states.get(state)
  const word = analysis ? (textField(analysis, 'justification') ?? '') : ''
  const justification = status === 'not_affected' ? justifications.get(word) : undefined
  const reason = [
    state === 'false_positive' ? 'false positive' : '',
    word !== '' && !justification ? word.replaceAll('_', ' ') : '',
    analysis ? sentence(field(analysis, 'detail')) : '',
  ]
  const impact = sentence(reason.filter(Boolean).join(': '))
  const action = analysis ? textsOf(analysis, 'response').join(', ').replaceAll('_', ' ') : ''
  const at =
    timestamp(analysis && textField(analysis, 'lastUpdated')) ??
    timestamp(analysis && textField(analysis, 'firstIssued')) ??
    made
  const problem =
    vulnerability === ''
      ? 'the vulnerability has no id'
      : !analysis
        ? 'the vulnerability has no analysis'
        : !status
          ? `the state ${quoted(state) || 'that is missing'} is none of ${[...states.keys()].join(', ')}`
          : undefined
  return {
    vulnerability,
    aliases: objectsOf(raw, 'references', 100)
      .map((reference) => shortId(textField(reference, 'id') ?? ''))
      .filter((id) => id !== '' && id !== vulnerability),
    ...(status ? { status } : {}),
    ...(justification ? { justification } : {}),
    ...(impact ? { impact } : {}),
    ...(action ? { action } : {}),
    products: objectsOf(raw, 'affects').flatMap((target) => productsOf(target, components, counter)),
    ...(at ? { timestamp: at } : {}),
    ...(problem ? { problem } : {}),
  }
}

/**
 * What a target stands for. A component of what the document is about is meant as it is there; where that cannot be told
 * from other products, neither can the component.
 */
function productsOf(
  target: Untrusted,
  { byRef, subject }: Components,
  counter: Counter,
): readonly VexProduct[] {
  const ref = textField(target, 'ref') ?? ''
  const component = byRef.get(ref) ?? byRef.get(localRef(ref))
  const linked = !component && ref !== localRef(ref)
  const bare = component ? thingOfComponent(component) : thingOf({ name: localRef(ref), purls: [] })
  const things = versionsOf(bare, objectsOf(target, 'versions'))
  counter.products(things.length)
  if (component === subject && subject) return things.map((thing) => ({ ...thing, parts: [] }))
  if (subject && (component || linked)) return [{ ...thingOfComponent(subject), parts: things }]
  const unsaid = `${bare.name} belongs to another bill of materials (${quoted(ref)}), and what that is about is not said`
  return things.map((thing) => ({ ...(linked ? { name: thing.name, problem: unsaid } : thing), parts: [] }))
}

/** The part of a BOM-Link behind its hash. https://cyclonedx.org/capabilities/bomlink/ */
function localRef(ref: string): string {
  const hash = ref.startsWith('urn:cdx:') ? ref.indexOf('#') : -1
  if (hash < 0) return ref
  try {
    return decodeURIComponent(ref.slice(hash + 1))
  } catch {
    return ref.slice(hash + 1)
  }
}

function thingOfComponent(component: Untrusted): VexThing {
  const purl = textField(component, 'purl')
  const [name, version] = [textField(component, 'name') ?? '', textField(component, 'version') ?? '']
  const sha256 = objectsOf(component, 'hashes', 100).find((hash) => textField(hash, 'alg') === 'SHA-256')
  const container = textField(component, 'type') === 'container'
  const content = sha256 && textField(sha256, 'content')?.toLowerCase()
  const digest = /^sha256:[0-9a-f]{64}$/.test(version) ? version.slice(7) : content
  const cpe = textField(component, 'cpe')
  return thingOf({
    name: [name, version].filter(Boolean).join(' '),
    purls: purl ? [purl] : [],
    ...(container && digest && /^[0-9a-f]{64}$/.test(digest) ? { sha256: digest } : {}),
    ...(cpe ? { otherwise: cpe } : {}),
  })
}

/** The versions of a component that are meant, where the target names them one by one. */
function versionsOf(thing: VexThing, versions: readonly Untrusted[]): readonly VexThing[] {
  if (!thing.purl || versions.length === 0) return [thing]
  const { purl } = thing
  const meant = versions.filter((entry) => (textField(entry, 'status') ?? 'affected') === 'affected')
  return meant.map((entry): VexThing => {
    const version = textOf(field(entry, 'version'))
    if (version === undefined)
      return { name: thing.name, problem: `${thing.name}: a range of versions cannot be asked for` }
    const [head = '', tail] = purl.split(/(?=[?#])/)
    const bare = head.replace(/@[^/]*$/, '')
    return { ...thing, purl: `${bare}@${encodeURIComponent(version.toWellFormed())}${tail ?? ''}` }
  })
}
