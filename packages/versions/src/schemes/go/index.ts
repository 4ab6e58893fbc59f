import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/**
 * Go module versions: Semantic Versioning with a `v`, which advisories leave out. Pseudo-versions
 * (`v0.0.0-20210121094942-22b2f8951d46`) are pre-releases that sort by their time; `+incompatible` does not count.
 */
export const go = defineScheme<SemanticVersion>({
  id: 'go',
  label: 'Go modules',
  spec: 'https://go.dev/ref/mod#versions',
  parse: (text) => parseSemanticVersion(text, { numbers: 3, leadingV: true }),
  compare: compareSemanticVersions,
})
