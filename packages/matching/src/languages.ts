import type { Package, PackageType } from '@lanner/model'
import type { SchemeId } from '@lanner/versions'

/** How a package type that belongs to no distribution is named in the records. */
interface LanguageFeed {
  readonly ecosystem: string
  readonly scheme: SchemeId
  /** The record's name of the package; undefined when the evidence is too thin to name it. */
  name(pack: Package): string | undefined
}

const plain = (pack: Package) => pack.name
const slashed = (pack: Package) => (pack.namespace ? `${pack.namespace}/${pack.name}` : pack.name)

const languageFeeds: ReadonlyMap<PackageType, LanguageFeed> = new Map<PackageType, LanguageFeed>([
  ['npm', { ecosystem: 'npm', scheme: 'npm', name: slashed }],
  ['pypi', { ecosystem: 'PyPI', scheme: 'pep440', name: plain }],
  ['gem', { ecosystem: 'RubyGems', scheme: 'gem', name: plain }],
  // A jar named only by its file has no group, and many groups share an artifact name.
  [
    'maven',
    {
      ecosystem: 'Maven',
      scheme: 'maven',
      name: (pack) => (pack.namespace ? `${pack.namespace}:${pack.name}` : undefined),
    },
  ],
  ['golang', { ecosystem: 'Go', scheme: 'go', name: slashed }],
  ['cargo', { ecosystem: 'crates.io', scheme: 'cargo', name: plain }],
  ['composer', { ecosystem: 'Packagist', scheme: 'composer', name: slashed }],
  ['nuget', { ecosystem: 'NuGet', scheme: 'nuget', name: plain }],
  ['hex', { ecosystem: 'Hex', scheme: 'hex', name: plain }],
  ['pub', { ecosystem: 'Pub', scheme: 'pub', name: plain }],
  ['hackage', { ecosystem: 'Hackage', scheme: 'hackage', name: plain }],
  ['cran', { ecosystem: 'CRAN', scheme: 'cran', name: plain }],
  ['swift', { ecosystem: 'SwiftURL', scheme: 'semver', name: slashed }],
  ['julia', { ecosystem: 'Julia', scheme: 'julia', name: plain }],
  ['opam', { ecosystem: 'opam', scheme: 'opam', name: plain }],
  ['bitnami', { ecosystem: 'Bitnami', scheme: 'bitnami', name: plain }],
  ['generic', { ecosystem: 'Bitnami', scheme: 'bitnami', name: bitnamiName }],
])

export const bitnamiNote =
  'Matched through Bitnami’s records, which follow the versions of the upstream project; the binary itself may carry patches.'

/** One question to the advisory reader on behalf of a package that belongs to no distribution. */
export interface LanguageName {
  readonly ecosystem: string
  readonly scheme: SchemeId
  readonly name: string
  readonly version: string
  readonly note?: string
}

/** The ecosystem whose records speak of this type; undefined for types that no feed covers. */
export function languageEcosystem(type: PackageType): string | undefined {
  return languageFeeds.get(type)?.ecosystem
}

/** Under which ecosystems, names and version a language package is looked up; empty when nothing covers it. */
export function languageNames(pack: Package): readonly LanguageName[] {
  const feed = languageFeeds.get(pack.type)
  const name = feed?.name(pack)
  if (!feed || !name) return []
  const { ecosystem } = feed
  const { version } = pack
  // Go's records of its own distribution: versions of the toolchain, not of a module.
  const scheme =
    ecosystem === 'Go' && (name === 'stdlib' || name === 'toolchain') ? 'go-toolchain' : feed.scheme
  const note = pack.type === 'generic' ? { note: bitnamiNote } : {}
  const names: LanguageName[] = [{ ecosystem, scheme, name, version, ...note }]
  if (ecosystem === 'Packagist' && pack.namespace?.toLowerCase() === 'drupal') {
    names.push({ ecosystem: 'Packagist:https://packages.drupal.org/8', scheme, name, version })
  }
  // Echo's rebuilds carry its mark in the version and have records of their own.
  const echo = version.includes('+echo.') ? echoEcosystems[ecosystem] : undefined
  if (echo) names.push({ ecosystem: echo, scheme, name, version })
  return names
}

const echoEcosystems: Readonly<Record<string, string>> = {
  PyPI: 'Echo:PyPi',
  npm: 'Echo:npm',
  Maven: 'Echo:Maven',
}

/** Names that binaries are known by and that Bitnami calls otherwise. */
const bitnamiNames: Readonly<Record<string, string>> = {
  nodejs: 'node',
  'node.js': 'node',
  httpd: 'apache',
  apache2: 'apache',
  'apache-httpd': 'apache',
  postgres: 'postgresql',
  go: 'golang',
  openjdk: 'java',
  'php-cli': 'php',
  'php-fpm': 'php',
  libphp: 'php',
  'redis-server': 'redis',
  'valkey-server': 'valkey',
  mongod: 'mongodb',
  sqlite3: 'sqlite',
  'rabbitmq-server': 'rabbitmq',
}

function bitnamiName(pack: Package): string | undefined {
  // A namespace means that somebody else named it; Bitnami's names have none.
  if (pack.namespace) return undefined
  const name = pack.name.toLowerCase()
  return Object.hasOwn(bitnamiNames, name) ? bitnamiNames[name] : name
}
