import { defineScheme } from '../../scheme.ts'
import {
  compareSemanticVersions,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

/** Elixir's Version module: Semantic Versioning, build metadata does not count. */
export const hex = defineScheme<SemanticVersion>({
  id: 'hex',
  label: 'Hex (Elixir, Erlang)',
  spec: 'https://hexdocs.pm/elixir/Version.html',
  parse: (text) => parseSemanticVersion(text, { numbers: 3 }),
  compare: compareSemanticVersions,
})
