import { compareTexts, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** Runs of digits and of other characters of one dotted component. */
type Component = readonly (Natural | string)[]

export interface CondaVersion {
  /** The epoch first. */
  readonly version: readonly Component[]
  /** What follows the plus sign. */
  readonly local: readonly Component[]
}

const shape = /^(?:(?<epoch>\d+)!)?(?<version>[*._0-9a-z]+)(?:\+(?<local>[*._0-9a-z]+))?$/
const run = /\d+|\*+|[^0-9*]+/g
const nothing: Component = []

/** conda's VersionOrder: words before numbers, `dev` before other words, `post` after every number. */
export const conda = defineScheme<CondaVersion>({
  id: 'conda',
  label: 'conda',
  spec: 'https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#version-ordering',
  parse(text) {
    const trimmed = text.trim().toLowerCase()
    // A hyphen stands for an underscore, but only where no underscore is.
    const groups = shape.exec(trimmed.includes('_') ? trimmed : trimmed.replaceAll('-', '_'))?.groups
    if (groups === undefined) return undefined
    // One underscore at the very end belongs to the component before it: `1.0.1_` < `1.0.1a`, as openssl counted.
    const written = groups['version']
    const body = written.endsWith('_')
      ? `${written.slice(0, -1).replaceAll('_', '.')}_`
      : written.replaceAll('_', '.')
    const version = parseComponents(body)
    const local = groups['local'] === undefined ? [] : parseComponents(groups['local'].replaceAll('_', '.'))
    if (version === undefined || local === undefined) return undefined
    return { version: [[natural(groups['epoch'] ?? '')], ...version], local }
  },
  compare: (a, b) => compareComponentLists(a.version, b.version) || compareComponentLists(a.local, b.local),
})

function parseComponents(text: string): readonly Component[] | undefined {
  const components: Component[] = []
  for (const word of text.split('.')) {
    if (word === '') return undefined
    const runs = word.match(run)?.map(parseRun) ?? []
    components.push(word.charCodeAt(0) >= 0x30 && word.charCodeAt(0) <= 0x39 ? runs : [0, ...runs])
  }
  return components
}

function parseRun(text: string): Natural | string {
  if (text.charCodeAt(0) >= 0x30 && text.charCodeAt(0) <= 0x39) return natural(text)
  if (text === 'post') return Number.POSITIVE_INFINITY
  // Upper case sorts before all lower case.
  return text === 'dev' ? 'DEV' : text
}

/** What one list lacks counts as zeros, so `1.0` = `1.0.0` and `1.0a` < `1.0`. */
function compareComponentLists(a: readonly Component[], b: readonly Component[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const left = a[index] ?? nothing
    const right = b[index] ?? nothing
    for (let at = 0; at < Math.max(left.length, right.length); at++) {
      const comparison = compareRuns(left[at] ?? 0, right[at] ?? 0)
      if (comparison !== 0) return comparison
    }
  }
  return 0
}

function compareRuns(a: Natural | string, b: Natural | string): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : -1
  if (typeof b === 'string') return 1
  return a < b ? -1 : Number(a > b)
}
