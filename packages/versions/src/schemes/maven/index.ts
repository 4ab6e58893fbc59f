import { compareNaturals, compareTexts, isDigit, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** A number, a qualifier (its place in the order, see `comparableQualifier`), or the list that a hyphen or transition opens. */
type Item = Natural | string | readonly Item[]
export type MavenVersion = readonly Item[]

const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp']
const aliases = new Map([
  ['ga', ''],
  ['final', ''],
  ['release', ''],
  ['cr', 'rc'],
])
/** Meant only where a digit follows: `1a1` is `1-alpha-1`, `1a` is not. */
const initials = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
])
const release = comparableQualifier('')
// Narrower than Maven, which orders any text: what the model validator refuses in a version, the brackets of ranges and
// `${…}`, a property that nobody filled in, are no versions.
const shape = /^[0-9A-Za-z._+~-]+$/

/**
 * Maven's ComparableVersion as of 3.8.7 and 3.9. Items are separated by dots, hyphens and the transitions between digits
 * and letters; the last two open a list, which is what makes `1-1` < `1.1`. Where Maven's order runs in a circle
 * (`1-rc` < `1` < `1.sp.1` < `1-rc`), so does this one.
 */
export const maven = defineScheme<MavenVersion>({
  id: 'maven',
  label: 'Maven',
  spec: 'https://maven.apache.org/pom.html#version-order-specification',
  parse: (text) => (shape.test(text) ? parseItems(text.toLowerCase()) : undefined),
  compare: compareLists,
})

function parseItems(text: string): MavenVersion {
  const items: Item[] = []
  const opened: Item[][] = [items]
  let list = items
  let digits = false
  let start = 0

  function open(): void {
    const inner: Item[] = []
    list.push(inner)
    opened.push(inner)
    list = inner
  }

  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x2e || unit === 0x2d) {
      list.push(at === start ? 0 : parseItem(text.slice(start, at), digits, false))
      start = at + 1
      if (unit === 0x2d) open()
      continue
    }
    const digit = isDigit(unit)
    if (digit !== digits && at > start) {
      // `1.0.rc1` is `1.0-rc-1`: a qualifier that a digit follows opens a list even after a dot.
      if (digit && list.length > 0) open()
      list.push(parseItem(text.slice(start, at), digits, digit))
      start = at
      open()
    }
    digits = digit
  }
  if (start < text.length) {
    if (!digits && list.length > 0) open()
    list.push(parseItem(text.slice(start), digits, false))
  }
  for (const inner of opened.reverse()) dropNulls(inner)
  return items
}

function parseItem(text: string, digits: boolean, beforeDigit: boolean): Item {
  if (digits) return natural(text)
  const word = (beforeDigit ? initials.get(text) : undefined) ?? text
  return comparableQualifier(aliases.get(word) ?? word)
}

/** Known qualifiers by their place, unknown ones after all of them by their letters. */
function comparableQualifier(word: string): string {
  const place = qualifiers.indexOf(word)
  return place < 0 ? `${qualifiers.length}-${word}` : String(place)
}

/** Removes what says nothing (`0`, `ga`, an empty list) from the end, reaching past lists to what stands before them. */
function dropNulls(list: Item[]): void {
  for (let index = list.length - 1; index >= 0; index--) {
    const item = list[index]
    if (item === 0 || item === release || (isList(item) && item.length === 0)) list.splice(index, 1)
    else if (!isList(item)) return
  }
}

function isList(item: Item): item is readonly Item[] {
  return typeof item === 'object'
}

function compareLists(a: readonly Item[], b: readonly Item[]): number {
  const length = Math.max(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a[index]
    const right = b[index]
    const comparison = left === undefined ? -compareToNothing(right) : compareItems(left, right)
    if (comparison !== 0) return comparison
  }
  return 0
}

function compareItems(a: Item, b: Item | undefined): number {
  if (b === undefined) return compareToNothing(a)
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  // Items of one rank are of one kind, which the compiler does not follow.
  if (isList(a)) return compareLists(a, b as readonly Item[])
  return typeof a === 'string' ? compareTexts(a, b as string) : compareNaturals(a, b as Natural)
}

/** In the same place a qualifier comes before a list, and a list before a number. */
function rankOf(item: Item): number {
  if (typeof item === 'string') return 0
  return isList(item) ? 1 : 2
}

function compareToNothing(item: Item): number {
  if (typeof item === 'string') return compareTexts(item, release)
  if (!isList(item)) return compareNaturals(item, 0)
  for (const inner of item) {
    const comparison = compareToNothing(inner)
    if (comparison !== 0) return comparison
  }
  return 0
}
