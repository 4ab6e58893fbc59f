import { compareComponents, parseComponents } from '../../components.ts'
import type { Natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** Numbers separated by dots, compared as lists: `1.0` comes before `1.0.0`. Also GHC's own versions. */
export const hackage = defineScheme<readonly Natural[]>({
  id: 'hackage',
  label: 'Hackage (Haskell)',
  spec: 'https://pvp.haskell.org/#version-numbers',
  parse: (text) => parseComponents(text, '.'),
  compare: compareComponents,
})
