/** What Falcon calls packages of a purl type: those of distributions `OS`, others by their language. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['deb', 'OS'],
  ['rpm', 'OS'],
  ['apk', 'OS'],
  ['alpm', 'OS'],
  ['opkg', 'OS'],
  ['npm', 'NODE'],
  ['pypi', 'PYTHON'],
  ['gem', 'RUBY'],
  ['maven', 'JAVA'],
  ['golang', 'GO'],
  ['cargo', 'RUST'],
  ['composer', 'PHP'],
  ['nuget', 'DOTNET'],
])

/** The purl types that have a word of their own, each with it. */
export const packageKinds: readonly (readonly [type: string, kind: string])[] = [...kinds]

/** `OS`, `NODE`; a type without a word of its own is its own word, in capitals. */
export function packageKind(type: string): string {
  return kinds.get(type) ?? type.toUpperCase()
}
