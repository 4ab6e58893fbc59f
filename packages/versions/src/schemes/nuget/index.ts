import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Semantic Versioning with a fourth number (`1.2.3.4`), labels that do not differ by case, and zeros in front. */
export const nuget = defineScheme<SemanticVersion>({
  id: 'nuget',
  label: 'NuGet',
  spec: 'https://learn.microsoft.com/nuget/concepts/package-versioning',
  parse: (text) =>
    parseSemanticVersion(text, { numbers: 4, shortPreRelease: true, leadingZeros: true, foldCase: true }),
  compare: compareSemanticVersions,
})
