import { defineScheme } from '../../scheme.ts'
import {
  compareIdentifiers,
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Julia's VersionNumber: Semantic Versioning, except that the build counts, as binary packages need (`1.2.11+1`). */
export const julia = defineScheme<SemanticVersion>({
  id: 'julia',
  label: 'Julia',
  spec: 'https://docs.julialang.org/en/v1/manual/strings/#man-version-number-literals',
  parse: (text) =>
    parseSemanticVersion(text, { numbers: 3, shortPreRelease: true, leadingV: true, leadingZeros: true }),
  compare: (a, b) => compareSemanticVersions(a, b) || compareIdentifiers(a.build, b.build),
})
