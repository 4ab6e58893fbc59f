import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Precedence of Semantic Versioning; build metadata does not count. */
export const cargo = defineScheme<SemanticVersion>({
  id: 'cargo',
  label: 'Cargo (crates.io)',
  spec: 'https://doc.rust-lang.org/cargo/reference/manifest.html#the-version-field',
  parse: (text) => parseSemanticVersion(text, { numbers: 3 }),
  compare: compareSemanticVersions,
})
