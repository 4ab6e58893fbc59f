import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Semantic Versioning 2.0.0, with the two liberties that feeds take: a leading `v`, and missing minor or patch. */
export const semver = defineScheme<SemanticVersion>({
  id: 'semver',
  label: 'Semantic Versioning',
  spec: 'https://semver.org/spec/v2.0.0.html',
  parse: (text) => parseSemanticVersion(text, { numbers: 3, leadingV: true }),
  compare: compareSemanticVersions,
})
