import { type Exclusion, readExclusions } from '../exclusions.ts'
import type { ImagePolicyFacts, PolicyDetection, PolicyFinding, PolicyPackage } from '../facts.ts'
import { type Policy, type PolicyGroup, type PolicyRule, readGroupConditions, readRules } from '../rule.ts'
import { detectionOf, factsOf, findingOf, packageOf } from './facts.ts'

/** One case of a text file: an image, policies in their order, exclusions, and what must come of them. */
export interface PolicyCase {
  readonly title: string
  readonly facts: ImagePolicyFacts
  readonly policies: readonly Policy[]
  readonly exclusions: readonly Exclusion[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** `deny block Production; cves CVE-1, CVE-2; until 2026-…`, as written. */
  readonly expected: string
}

type Words = ReadonlyMap<string, string>
type Draft = {
  title: string
  image: Partial<ImagePolicyFacts>
  packages: PolicyPackage[]
  findings: PolicyFinding[]
  detections: PolicyDetection[]
  policies: (Omit<Policy, 'rules' | 'groups'> & { rules: PolicyRule[]; groups: PolicyGroup[] })[]
  exclusions: Exclusion[]
  now: number
}

/**
 * Reads cases: `## title`, then lines `image`, `package NAME VERSION`, `finding ID PACKAGE`, `detection NAME`, each with
 * `key=value` words; `policy NAME`, under it `group`, `block`, `alert`, `allow` with JSON conditions; `exclude JSON`;
 * `now TIME`; and `=> …` for what is expected. Lines that begin with a single `#` are remarks.
 */
export function readCases(text: string): readonly PolicyCase[] {
  const cases: PolicyCase[] = []
  let draft: Draft | undefined
  for (const line of text.split('\n').map((line) => line.trim())) {
    if (line.startsWith('## ')) draft = empty(line.slice(3))
    if (line === '' || line.startsWith('#')) continue
    if (!draft) throw new Error(`a line stands before the first case: ${line}`)
    if (line.startsWith('=>')) cases.push(finished(draft, line.slice(2).trim()))
    else add(draft, line)
  }
  return cases
}

function empty(title: string): Draft {
  return {
    title,
    image: {},
    packages: [],
    findings: [],
    detections: [],
    policies: [],
    exclusions: [],
    now: Date.parse('2026-03-02T09:15:00Z'),
  }
}

function finished(draft: Draft, expected: string): PolicyCase {
  const { title, image, packages, findings, detections, policies, exclusions, now } = draft
  const facts = factsOf({
    ...image,
    packages: [...packages],
    findings: [...findings],
    detections: [...detections],
  })
  return { title, facts, policies, exclusions, now, expected }
}

function add(draft: Draft, line: string): void {
  const space = line.indexOf(' ')
  const [verb, rest] = [line.slice(0, space), line.slice(space + 1).trim()]
  const { plain, words } = split(rest)
  if (verb === 'image') draft.image = { ...draft.image, ...imageOf(words) }
  else if (verb === 'package') draft.packages.push(readPackage(plain, words))
  else if (verb === 'finding') draft.findings.push(readFinding(plain, words, draft.packages))
  else if (verb === 'detection') draft.detections.push(readDetection(plain, words))
  else if (verb === 'now') draft.now = Date.parse(rest)
  else if (verb === 'exclude') draft.exclusions.push(readExclusion(rest))
  else if (verb === 'policy')
    draft.policies.push({
      id: plain[0] ?? '',
      name: plain[0] ?? '',
      enabled: !plain.includes('disabled'),
      ...(plain.includes('default') ? { isDefault: true } : {}),
      rules: [],
      groups: [],
    })
  else if (verb === 'group') {
    const json = rest.indexOf('[')
    const name = rest.slice(0, json).trim()
    draft.policies
      .at(-1)
      ?.groups.push({ id: name, name, conditions: readGroupConditions(JSON.parse(rest.slice(json))) })
  } else if (verb === 'block' || verb === 'alert' || verb === 'allow' || verb === 'prevent')
    draft.policies
      .at(-1)
      ?.rules.push(...readRules([{ action: verb, policy_rules_data: { conditions: JSON.parse(rest) } }]))
  else throw new Error(`not a line of a case: ${line}`)
}

/** Words before and after `=`; quotes hold spaces together. */
function split(rest: string): { readonly plain: readonly string[]; readonly words: Words } {
  const plain: string[] = []
  const words = new Map<string, string>()
  for (const { groups } of rest.matchAll(/(?:(?<key>[a-zA-Z]+)=)?(?:"(?<quoted>[^"]*)"|(?<bare>[^\s"]+))/g)) {
    const value = groups?.['quoted'] ?? groups?.['bare'] ?? ''
    if (groups?.['key']) words.set(groups['key'], value)
    else plain.push(value)
  }
  return { plain, words }
}

function imageOf(words: Words): Partial<ImagePolicyFacts> {
  const texts = ['registry', 'repository', 'tag', 'digest', 'baseOs', 'architecture', 'created', 'assessment']
  return {
    ...Object.fromEntries([...words].filter(([key]) => texts.includes(key))),
    ...(words.has('runsAsRoot') ? { runsAsRoot: words.get('runsAsRoot') === 'true' } : {}),
    ...(words.has('signed') ? { signed: words.get('signed') === 'true' } : {}),
  }
}

function places(words: Words): PolicyPackage['places'] {
  const text = words.get('in')
  if (!text) return []
  // path@layer@origin,path@layer
  return text.split(',').map((place) => {
    const [path = '', layer = '', origin] = place.split('@')
    return { path, layer, ...(origin === 'base' || origin === 'own' ? { origin } : {}) }
  })
}

function readPackage([name = '', version = '']: readonly string[], words: Words): PolicyPackage {
  return packageOf({
    name,
    version,
    purl: words.get('purl') ?? '',
    type: (words.get('type') ?? 'deb') as PolicyPackage['type'],
    licenses: words.get('licenses')?.split(',') ?? [],
    places: places(words),
    ...(words.has('namespace') ? { namespace: words.get('namespace') } : {}),
  })
}

function readFinding(
  [vulnerability = '', name]: readonly string[],
  words: Words,
  packages: readonly PolicyPackage[],
): PolicyFinding {
  const numbers = ['cvssScore', 'epss']
  const truths = ['exploited', 'fixAvailable']
  const values = [...words].map(([key, value]) => {
    if (numbers.includes(key)) return [key, Number(value)]
    return [key, truths.includes(key) ? value === 'true' : key === 'aliases' ? value.split(',') : value]
  })
  return findingOf({
    vulnerability,
    ...Object.fromEntries(values),
    package: packages.findIndex((pkg) => pkg.name === name),
  })
}

function readDetection([name = '']: readonly string[], words: Words): PolicyDetection {
  return detectionOf({
    id: name,
    name,
    type: words.get('type') ?? 'secret',
    severity: (words.get('severity') ?? 'high') as PolicyDetection['severity'],
    places: places(words),
  })
}

function readExclusion(json: string): Exclusion {
  const { updatedAt, ...document } = JSON.parse(json) as Record<string, unknown>
  const [exclusion] = readExclusions([document])
  if (!exclusion) throw new Error(`no exclusion: ${json}`)
  return { ...exclusion, ...(updatedAt ? { updatedAt: String(updatedAt) } : {}) }
}
