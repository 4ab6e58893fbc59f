import { defineScheme } from '../../scheme.ts'
import {
  compareIdentifiers,
  compareSemanticVersions,
  type Identifier,
  parseSemanticVersion,
  type SemanticVersion,
} from '../../semantic-version.ts'

interface BitnamiVersion {
  /** Without the revision. */
  readonly upstream: SemanticVersion
  readonly revision: readonly Identifier[]
}

const noRevision: readonly Identifier[] = [0]
const namesPreRelease = /^(?:alpha|beta|dev|m|milestone|nightly|pre|preview|rc|snapshot)\d*$/i

/**
 * Semantic Versioning whose hyphenated tail is the revision of Bitnami's own packaging, so `1.2.3-4` comes after
 * `1.2.3`, which is the same as `1.2.3-0`. Only a tail whose first word names a pre-release (`-rc.1`, `-beta2`) is one.
 */
export const bitnami = defineScheme<BitnamiVersion>({
  id: 'bitnami',
  label: 'Bitnami',
  spec: 'https://github.com/bitnami/go-version#version-revision',
  parse(text) {
    const version = parseSemanticVersion(text, { numbers: 3, leadingV: true, leadingZeros: true })
    if (version === undefined) return undefined
    const [first] = version.preRelease
    if (first === undefined) return { upstream: version, revision: noRevision }
    if (typeof first === 'string' && namesPreRelease.test(first))
      return { upstream: version, revision: noRevision }
    return { upstream: { ...version, preRelease: [] }, revision: version.preRelease }
  },
  compare: (a, b) =>
    compareSemanticVersions(a.upstream, b.upstream) || compareIdentifiers(a.revision, b.revision),
})
