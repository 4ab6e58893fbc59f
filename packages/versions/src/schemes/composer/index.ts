import { compareNaturals, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

interface Part {
  /** Place in PHP's order of unlike parts. */
  readonly rank: number
  readonly value: Natural
}

/** The parts that PHP's version_compare sees in Composer's normal form (`1.2` is `1.2.0.0`, `1.2b3` is `1.2.0.0-beta3`). */
export type ComposerVersion = readonly Part[]

const stability =
  '(?:[._-]?(?:(?<stability>stable|beta|b|rc|alpha|a|patch|pl|p)(?<number>(?:[.-]?\\d+(?:[.-]\\d+)*)?))?(?<dev>[.-]?dev)?)'
// One to four numbers; the first of at most five digits, since longer ones are dates.
const numbered = new RegExp(`^v?(?<numbers>\\d{1,5}(?:\\.\\d+){0,3})${stability}$`, 'i')
const dated = new RegExp(`^v?(?<date>\\d{4}(?:[.:-]?\\d{2}){1,6}(?:[.:-]?\\d{1,3}){0,2})${stability}$`, 'i')
const build = /^(?<version>[^,\s+]+)\+\S+$/

const ranks = { dev: 0, alpha: 1, beta: 2, rc: 3, end: 4, number: 5, patch: 6 } as const
const end: Part = { rank: ranks.end, value: 0 }
const rankOf = new Map<string, number>([
  ['a', ranks.alpha],
  ['alpha', ranks.alpha],
  ['b', ranks.beta],
  ['beta', ranks.beta],
  ['rc', ranks.rc],
  ['p', ranks.patch],
  ['pl', ranks.patch],
  ['patch', ranks.patch],
])

/** Composer's order of releases. Branches (`dev-main`, `1.x-dev`) name a moving target and have no place in it. */
export const composer = defineScheme<ComposerVersion>({
  id: 'composer',
  label: 'Composer (Packagist)',
  spec: 'https://getcomposer.org/doc/articles/versions.md',
  parse(text) {
    const trimmed = text.trim()
    const released = build.exec(trimmed)?.groups?.['version'] ?? trimmed
    const groups = numbered.exec(released)?.groups ?? dated.exec(released)?.groups
    if (groups === undefined) return undefined
    const parts = numberParts(groups['numbers'] ?? groups['date'])
    if (groups['numbers'] !== undefined) while (parts.length < 4) parts.push(number(0))

    const label = groups['stability']?.toLowerCase()
    // Composer drops everything behind the word `stable`, a `-dev` included.
    if (label === 'stable') return parts
    const rank = label === undefined ? undefined : rankOf.get(label)
    if (rank !== undefined) parts.push({ rank, value: 0 }, ...numberParts(groups['number'] ?? ''))
    if (groups['dev'] !== undefined) parts.push({ rank: ranks.dev, value: 0 })
    return parts
  },
  compare(a, b) {
    const length = Math.max(a.length, b.length)
    for (let index = 0; index < length; index++) {
      const left = a[index] ?? end
      const right = b[index] ?? end
      const comparison = left.rank - right.rank || compareNaturals(left.value, right.value)
      if (comparison !== 0) return comparison
    }
    return 0
  },
})

function numberParts(text: string): Part[] {
  return text.match(/\d+/g)?.map((digits) => number(natural(digits))) ?? []
}

function number(value: Natural): Part {
  return { rank: ranks.number, value }
}
