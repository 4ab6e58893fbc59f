import { normalizePypiName } from '@lanner/model'

/**
 * The spelling under which a name is looked up in an ecosystem: the same for the advisory's side and for the package's
 * side, so that two spellings of one package meet. Only what the ecosystem itself holds to be the same is made the same:
 * npm, Maven, Go, RubyGems, Hackage, CRAN and the rpm distributions tell upper from lower case.
 *
 * `ecosystem` is an OSV ecosystem with or without its release suffix.
 * https://ossf.github.io/osv-schema/#affectedpackage-field
 */
export function lookupName(ecosystem: string, name: string): string {
  const colon = ecosystem.indexOf(':')
  const base = colon < 0 ? ecosystem : ecosystem.slice(0, colon)
  // Echo rebuilds language packages: `Echo:PyPi`, `Echo:npm`, `Echo:Maven`.
  const family = base === 'Echo' && colon > 0 ? ecosystem.slice(colon + 1) : base
  switch (family) {
    case 'PyPI':
    case 'PyPi':
      return normalizePypiName(name)
    case 'NuGet':
    case 'Packagist':
    case 'Hex':
    case 'Pub':
    case 'Bitnami':
    case 'GitHub Actions':
    case 'VSCode':
      return name.toLowerCase()
    case 'SwiftURL':
      return swiftLocation(name)
    default:
      return name
  }
}

/** `https://GitHub.com/owner/repo.git` and `github.com/owner/repo` name one Swift package. */
function swiftLocation(name: string): string {
  let location = name.toLowerCase()
  if (location.startsWith('https://')) location = location.slice(8)
  else if (location.startsWith('http://')) location = location.slice(7)
  if (location.endsWith('/')) location = location.slice(0, -1)
  return location.endsWith('.git') ? location.slice(0, -4) : location
}
