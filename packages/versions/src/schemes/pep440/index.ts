import { compareComponents } from '../../components.ts'
import { compareNaturals, compareTexts, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

export interface Pep440Version {
  readonly epoch: Natural
  /** Without trailing zeros: `1.0` and `1.0.0` are the same release. */
  readonly release: readonly Natural[]
  /** Place of `a`, `b`, `rc` in their order; `developmentOnly` comes before them, `noPreRelease` after. */
  readonly phase: number
  readonly preRelease: Natural
  /** -1 where there is none. */
  readonly post: Natural
  /** Infinity where there is none. */
  readonly development: Natural
  readonly local: readonly (Natural | string)[]
}

// Named as PEP 440, appendix B names them. Nothing repeats inside a repetition without a separator, so it is linear.
const shape =
  /^v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\d*))?(?:-(?<implicitPost>\d+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d*))?(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/

const phases = new Map([
  ['a', 0],
  ['alpha', 0],
  ['b', 1],
  ['beta', 1],
  ['c', 2],
  ['rc', 2],
  ['pre', 2],
  ['preview', 2],
])
const developmentOnly = -1
const noPreRelease = 3

/** PEP 440 in its normal and its tolerated spellings. Versions from before it ("legacy") have no order any more. */
export const pep440 = defineScheme<Pep440Version>({
  id: 'pep440',
  label: 'Python (PEP 440)',
  spec: 'https://packaging.python.org/en/latest/specifications/version-specifiers/',
  parse(text) {
    const groups = shape.exec(text.trim().toLowerCase())?.groups
    if (groups === undefined) return undefined
    const hasPost = groups['post'] !== undefined || groups['implicitPost'] !== undefined
    const hasDevelopment = groups['dev'] !== undefined
    const phase = groups['phase'] === undefined ? undefined : phases.get(groups['phase'])
    return {
      epoch: natural(groups['epoch'] ?? ''),
      release: withoutTrailingZeros(groups['release'].split('.')),
      phase: phase ?? (hasDevelopment && !hasPost ? developmentOnly : noPreRelease),
      preRelease: natural(groups['pre'] ?? ''),
      post: hasPost ? natural(groups['implicitPost'] ?? groups['postNumber'] ?? '') : -1,
      development: hasDevelopment ? natural(groups['devNumber']) : Number.POSITIVE_INFINITY,
      local: groups['local'] === undefined ? [] : groups['local'].split(/[-_.]/).map(localPart),
    }
  },
  compare(a, b) {
    return (
      compareNaturals(a.epoch, b.epoch) ||
      compareComponents(a.release, b.release) ||
      a.phase - b.phase ||
      compareNaturals(a.preRelease, b.preRelease) ||
      compareNaturals(a.post, b.post) ||
      compareNaturals(a.development, b.development) ||
      compareLocals(a.local, b.local)
    )
  },
})

function withoutTrailingZeros(digits: readonly string[]): readonly Natural[] {
  const release = digits.map((text) => natural(text))
  while (release.at(-1) === 0) release.pop()
  return release
}

function localPart(text: string): Natural | string {
  return /^\d+$/.test(text) ? natural(text) : text
}

/** Texts before numbers (the other way round than in Semantic Versioning), and the shorter list first. */
function compareLocals(a: Pep440Version['local'], b: Pep440Version['local']): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a[index]
    const right = b[index]
    if (typeof left !== typeof right && (typeof left === 'string' || typeof right === 'string')) {
      return typeof left === 'string' ? -1 : 1
    }
    // Both are of one kind here, which the compiler does not follow.
    const comparison =
      typeof left === 'string' ? compareTexts(left, right as string) : compareNaturals(left, right as Natural)
    if (comparison !== 0) return comparison
  }
  return a.length - b.length
}
