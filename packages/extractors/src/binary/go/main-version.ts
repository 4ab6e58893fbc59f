import type { GoModule } from '../../formats/go-buildinfo-modules.ts'

const flagLimit = 64 * 1024

/** Variables of well-known version packages: whoever sets them states the version of the program, not of that package. */
const borrowedVariables: ReadonlySet<string> = new Set([
  'github.com/prometheus/common/version.Version',
  'k8s.io/client-go/pkg/version.gitVersion',
  'k8s.io/component-base/version.gitVersion',
])

/**
 * The version of the main module. Go knows it when the program was installed by version or, since Go 1.24, from the
 * repository's tags. Otherwise projects set a variable of theirs through the linker (`-ldflags "-X main.version=v1.0.0"`),
 * and that is taken where Go itself only says `(devel)` or, for want of tags, `v0.0.0-…`.
 */
export function mainVersion(main: GoModule, settings: ReadonlyMap<string, string>): string {
  const stated = main.version
  if (stated !== '' && stated !== '(devel)' && !stated.startsWith('v0.0.0-')) return stated
  const linked = linkedVersion(main.path, settings.get('-ldflags') ?? '')
  return linked ?? (stated || '(devel)')
}

/** The nearest variable that says version and holds one: of the main package, of the module, then the borrowed ones. */
function linkedVersion(modulePath: string, flags: string): string | undefined {
  const found: (string | undefined)[] = [undefined, undefined, undefined]
  for (const [variable, value] of linkedVariables(flags)) {
    const version = asModuleVersion(value)
    if (version === undefined) continue
    const rank = rankOf(variable, modulePath)
    if (rank !== undefined) found[rank] ??= version
  }
  return found.find((version) => version !== undefined)
}

function rankOf(variable: string, modulePath: string): number | undefined {
  if (borrowedVariables.has(variable)) return 2
  const dot = variable.lastIndexOf('.')
  const [importPath, name] = [variable.slice(0, dot), variable.slice(dot + 1)]
  if (!/^(?:app|build|cli|git|program|release|semantic|sem)?_?(?:version|ver|tag|semver)$/i.test(name))
    return undefined
  if (importPath === 'main') return 0
  return importPath === modulePath || importPath.startsWith(`${modulePath}/`) ? 1 : undefined
}

/** The variables that `-X` sets. https://pkg.go.dev/cmd/link */
function* linkedVariables(flags: string): Iterable<[variable: string, value: string]> {
  if (flags.length > flagLimit) return
  const words = splitFlags(flags)
  for (const [index, word] of words.entries()) {
    const joined = /^--?X=(?<definition>.+)$/s.exec(word)?.groups?.['definition']
    const definition = joined ?? (/^--?X$/.test(word) ? words[index + 1] : undefined)
    const equals = definition?.indexOf('=') ?? -1
    if (definition !== undefined && equals > 0)
      yield [definition.slice(0, equals), definition.slice(equals + 1)]
  }
}

/** Words as the go command splits them: at blanks, a whole word in single or double quotes, no escapes. */
function splitFlags(flags: string): string[] {
  return Array.from(flags.matchAll(/'(?<single>[^']*)'|"(?<double>[^"]*)"|\S+/g), ({ 0: word, groups }) => {
    return groups?.['single'] ?? groups?.['double'] ?? word
  })
}

const semantic = /^v?(?<core>\d{1,9}\.\d{1,9}\.\d{1,9})(?<rest>[-+][0-9A-Za-z.+-]{1,128})?$/
const commitsAfterTag = /^(?<before>.*?)-(?<commits>\d{1,9})-g(?<commit>[0-9a-f]{7,40})(?<dirty>-dirty)?$/

/**
 * As a Go module version, with its `v`; undefined when it is none. What `git describe` appends to a tag becomes build
 * metadata: read as a pre-release it would sort before the tag that it follows.
 */
function asModuleVersion(value: string): string | undefined {
  const match = semantic.exec(value)?.groups
  if (match === undefined) return undefined
  const rest = match['rest'] ?? ''
  const described = commitsAfterTag.exec(rest)?.groups
  if (described) {
    const metadata = `${described['commits']}.g${described['commit']}${described['dirty'] ? '.dirty' : ''}`
    return `v${match['core']}${described['before']}${described['before'].includes('+') ? '.' : '+'}${metadata}`
  }
  return `v${match['core']}${rest.replace(/-dirty$/, rest.includes('+') ? '.dirty' : '+dirty')}`
}
