import { compareNaturals, endOfDigits, type Natural, natural } from './natural.ts'

/** Numbers joined by one of `separators`, or undefined: `0.1-3` with `.-` is 0, 1, 3. */
export function parseComponents(text: string, separators: string): readonly Natural[] | undefined {
  const components: Natural[] = []
  for (let at = 0; ; at++) {
    const end = endOfDigits(text, at)
    if (end === at) return undefined
    components.push(natural(text, at, end))
    if (end === text.length) return components
    if (!separators.includes(text[end])) return undefined
    at = end
  }
}

/** Number by number; where one list begins the other, the shorter comes first. */
export function compareComponents(a: readonly Natural[], b: readonly Natural[]): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const comparison = compareNaturals(a[index], b[index])
    if (comparison !== 0) return comparison
  }
  return a.length - b.length
}
