import { compareNaturals, type Natural, natural } from '../../natural.ts'
import { defineScheme } from '../../scheme.ts'

export interface GoToolchainVersion {
  readonly major: Natural
  readonly minor: Natural
  /** -1 before the first release of the minor: its pre-releases, and the language version `go1.21`. */
  readonly patch: Natural
  /** Place of `alpha`, `beta`, `rc` in their order from 1; 0 for none. */
  readonly phase: number
  readonly preRelease: Natural
}

const phases = ['', 'alpha', 'beta', 'rc']
/** `go1.21rc2`, `go1.21.3`, `go1.21.3-corporate`, `go1.22.1 X:loopvar`: what the toolchain says of itself. */
const toolchain =
  /^(?:go)?(?<major>\d+)(?:\.(?<minor>\d+)(?:\.(?<patch>\d+)|(?<phase>alpha|beta|rc)(?<pre>\d+))?)?$/
/** `1.21.0-rc.2`, and `1.21.0-0` for "before all of them": what Go's advisories make of it. */
const semantic = /^v?(?<major>\d+)\.(?<minor>\d+)\.0-(?:0|(?<phase>alpha|beta|rc)\.(?<pre>\d+))$/
/** From this minor on, the first release is `go1.21.0` and `go1.21` is only the language; before, `go1.20` is the release. */
const firstMinorWithPatchZero = 21

/** Versions of the Go toolchain and so of the standard library, in the spelling of either side. */
export const goToolchain = defineScheme<GoToolchainVersion>({
  id: 'go-toolchain',
  label: 'Go toolchain and standard library',
  spec: 'https://go.dev/doc/toolchain#version',
  parse(text) {
    const semanticGroups = semantic.exec(text)?.groups
    if (semanticGroups !== undefined) return version(semanticGroups, -1)
    const experiments = text.indexOf(' ')
    let name = experiments < 0 ? text : text.slice(0, experiments)
    if (name.startsWith('go')) name = name.split('-', 1)[0]
    else if (name.startsWith('v')) name = name.slice(1)
    const groups = toolchain.exec(name)?.groups
    if (groups === undefined) return undefined
    if (groups['patch'] !== undefined) return version(groups, natural(groups['patch']))
    const early = natural(groups['minor'] ?? '') < firstMinorWithPatchZero
    return version(groups, early && groups['phase'] === undefined ? 0 : -1)
  },
  compare(a, b) {
    return (
      compareNaturals(a.major, b.major) ||
      compareNaturals(a.minor, b.minor) ||
      compareNaturals(a.patch, b.patch) ||
      a.phase - b.phase ||
      compareNaturals(a.preRelease, b.preRelease)
    )
  },
})

function version(groups: Record<string, string | undefined>, patch: Natural): GoToolchainVersion {
  return {
    major: natural(groups['major'] ?? ''),
    minor: natural(groups['minor'] ?? ''),
    patch,
    phase: phases.indexOf(groups['phase'] ?? ''),
    preRelease: natural(groups['pre'] ?? ''),
  }
}
