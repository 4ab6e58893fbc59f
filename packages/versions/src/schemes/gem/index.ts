import { compareNaturals, compareTexts, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** Segments without the zeros that end the numbers in front and the whole. */
export type GemVersion = readonly (Natural | string)[]

const shape = /^\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/
const segment = /\d+|[A-Za-z]+/g

/** Runs of digits and of letters; a letter makes a pre-release wherever it stands: `1.2.b` < `1.2`. A hyphen says `.pre.`. */
export const gem = defineScheme<GemVersion>({
  id: 'gem',
  label: 'RubyGems',
  spec: 'https://docs.ruby-lang.org/en/master/Gem/Version.html',
  parse(text) {
    const trimmed = text.trim()
    if (!shape.test(trimmed)) return undefined
    const segments: (Natural | string)[] = []
    let hasLetters = false
    for (const [run] of trimmed.replaceAll('-', '.pre.').matchAll(segment)) {
      const letters = run.charCodeAt(0) > 0x39
      if (letters && !hasLetters) {
        hasLetters = true
        dropTrailingZeros(segments)
      }
      segments.push(letters ? run : natural(run))
    }
    dropTrailingZeros(segments)
    return segments
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length)
    for (let index = 0; index < length; index++) {
      const comparison = compareSegments(a[index] ?? 0, b[index] ?? 0)
      if (comparison !== 0) return comparison
    }
    return 0
  },
})

function dropTrailingZeros(segments: (Natural | string)[]): void {
  while (segments.at(-1) === 0) segments.pop()
}

function compareSegments(a: Natural | string, b: Natural | string): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : -1
  return typeof b === 'string' ? 1 : compareNaturals(a, b)
}
