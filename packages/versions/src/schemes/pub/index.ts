import { defineScheme } from '../../scheme.ts'
import {
  compareIdentifiers,
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Semantic Versioning, except that the build counts: `1.2.3` < `1.2.3+1` < `1.2.3+2`. */
export const pub = defineScheme<SemanticVersion>({
  id: 'pub',
  label: 'pub (Dart, Flutter)',
  spec: 'https://pub.dev/documentation/pub_semver/latest/pub_semver/Version-class.html',
  parse: (text) => parseSemanticVersion(text, { numbers: 3, leadingV: true, leadingZeros: true }),
  compare: (a, b) => compareSemanticVersions(a, b) || compareIdentifiers(a.build, b.build),
})
