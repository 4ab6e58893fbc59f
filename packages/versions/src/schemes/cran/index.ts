import { compareComponents, parseComponents } from '../../components.ts'
import type { Natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

/** Numbers separated by dots or hyphens, which mean the same: `0.1-3` = `0.1.3`. `0.1` comes before `0.1.0`. */
export const cran = defineScheme<readonly Natural[]>({
  id: 'cran',
  label: 'CRAN (R)',
  spec: 'https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html',
  parse: (text) => parseComponents(text, '.-'),
  compare: compareComponents,
})
