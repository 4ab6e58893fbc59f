export interface Gemspec {
  readonly name: string
  readonly version: string
  /** `java`, `x86_64-linux`; `ruby` or absent for gems that run anywhere. */
  readonly platform?: string
  readonly licenses: readonly string[]
  /** False where only the file's name said so. */
  readonly stated: boolean
}

const lineLimit = 20_000
const blockShape = /^\s*Gem::Specification\.new\s*(?:do|\{)\s*\|\s*(?<receiver>\w+)\s*\|/
const assignmentShape =
  /^\s*(?<receiver>\w+)\.(?<attribute>name|version|platform|licenses?)\s*=\s*(?<value>\S.*)$/
const stubShape = /^# stub: (?<name>\S+) (?<version>\S+) (?<platform>\S+) /
const nameShape = /^[A-Za-z0-9._-]{1,200}$/
const versionShape = /^\d[A-Za-z0-9.-]{0,127}$/

/**
 * Reads what RubyGems' own writer puts down: a stub line (`# stub: rake 13.0.3 ruby lib`) and one literal assignment a
 * line. An attribute that is computed counts as not stated, and so does one of another receiver than the block's.
 * Undefined without name and version.
 */
export function parseGemspec(text: string): Gemspec | undefined {
  let receiver: string | undefined
  const values = new Map<string, readonly string[]>()
  for (const line of text.split('\n', lineLimit)) {
    const stub = line.startsWith('# stub:') ? stubShape.exec(line)?.groups : undefined
    if (stub) {
      for (const key of ['name', 'version', 'platform']) values.set(key, [stub[key]])
      continue
    }
    const block = receiver === undefined ? blockShape.exec(line.slice(0, 256)) : undefined
    if (block) {
      receiver = block.groups?.['receiver']
      continue
    }
    const assignment = receiver === undefined ? undefined : assignmentShape.exec(line)?.groups
    if (!assignment || assignment['receiver'] !== receiver) continue
    const literals = readLiterals(assignment['value'])
    const attribute = assignment['attribute'] === 'license' ? 'licenses' : assignment['attribute']
    if (literals.length > 0 && !values.has(attribute)) values.set(attribute, literals)
  }
  const name = values.get('name')?.[0]
  const version = values.get('version')?.[0]
  if (!name || !version || !nameShape.test(name) || !versionShape.test(version)) return undefined
  const platform = values.get('platform')?.[0]
  return {
    name,
    version,
    ...(platform ? { platform } : {}),
    licenses: values.get('licenses') ?? [],
    stated: true,
  }
}

/**
 * The string literals of `"x".freeze`, `'x'`, `%q<x>`, `["x".freeze, "y".freeze]` and `Gem::Version.new("1.0")`;
 * none where anything else takes part (a constant, an interpolation, a concatenation).
 */
function readLiterals(value: string): string[] {
  const literals: string[] = []
  const rest = value
    .slice(0, 4096)
    .replace(/%q<([^<>]*)>|%q\{([^{}]*)\}|"([^"\\#]*)"|'([^'\\]*)'/g, (_, angle, brace, double, single) => {
      literals.push(angle ?? brace ?? double ?? single)
      return '~'
    })
    .replace(/#.*$/, '')
  const plain = rest.replaceAll('.freeze', '').replaceAll(/\s/g, '')
  if (!/^(?:~|\[~(?:,~)*\]|Gem::Version\.new\(?~\)?)$/.test(plain)) return []
  return literals.slice(0, 64)
}
