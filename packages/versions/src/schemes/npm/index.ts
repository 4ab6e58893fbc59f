import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/**
 * Semantic Versioning with the spellings that npm reads loosely: blanks around, any `v` and `=` in front, zeros in
 * front of numbers, and a pre-release without its hyphen (`=v1.02.3beta`).
 */
export const npm = defineScheme<SemanticVersion>({
  id: 'npm',
  label: 'npm',
  spec: 'https://github.com/npm/node-semver#versions',
  parse(text) {
    const trimmed = text.trim()
    const start = trimmed.search(/[^v=\s]/)
    if (start < 0) return undefined
    return parseSemanticVersion(trimmed, { numbers: 3, leadingZeros: true, gluedPreRelease: true }, start)
  },
  compare: compareSemanticVersions,
})
