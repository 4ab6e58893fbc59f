import { ExtractFault } from '../extractor.ts'

const moduleLimit = 100_000

export interface GoModule {
  readonly path: string
  /** `v1.2.3`, a pseudo-version, or `(devel)`; empty where none is stated. */
  readonly version: string
  /** What was built in its place: another module, or a folder (a path that begins with `.` or `/`). */
  readonly replacement?: GoModule
}

export interface GoModules {
  /** Import path of the main package; `command-line-arguments` for single files. */
  readonly path: string
  readonly main?: GoModule
  readonly dependencies: readonly GoModule[]
  /** The `build` lines: `-ldflags`, `GOOS`, `vcs.revision`, … */
  readonly settings: ReadonlyMap<string, string>
}

/**
 * Reads the module lines of Go build information. Lines of a kind that is not known are passed over, as Go does.
 * https://pkg.go.dev/runtime/debug#BuildInfo.String
 */
export function parseGoModules(text: string): GoModules {
  let path = ''
  let main: GoModule | undefined
  const dependencies: GoModule[] = []
  const settings = new Map<string, string>()
  let last: 'main' | 'dependency' | undefined
  for (const line of text.split('\n')) {
    const [kind, ...columns] = line.split('\t')
    if (kind === 'path') path = columns[0] ?? ''
    else if (kind === 'mod' && columns[0]) {
      main = { path: columns[0], version: columns[1] ?? '' }
      last = 'main'
    } else if (kind === 'dep' && columns[0]) {
      if (dependencies.length >= moduleLimit) {
        throw new ExtractFault(
          'limit-exceeded',
          `Go build information lists more than ${moduleLimit} modules`,
        )
      }
      dependencies.push({ path: columns[0], version: columns[1] ?? '' })
      last = 'dependency'
    } else if (kind === '=>' && columns[0]) {
      const replacement = { path: columns[0], version: columns[1] ?? '' }
      if (last === 'main' && main) main = { ...main, replacement }
      const replaced = last === 'dependency' ? dependencies.pop() : undefined
      if (replaced) dependencies.push({ ...replaced, replacement })
      last = undefined
    } else if (kind === 'build') {
      const setting = parseSetting(columns.join('\t'))
      if (setting) settings.set(setting[0], setting[1])
    }
  }
  return { path, ...(main ? { main } : {}), dependencies, settings }
}

/** `key=value`, each side quoted as a Go string where it holds blanks or quotes. */
function parseSetting(text: string): [string, string] | undefined {
  const quotedKey = /^"(?:[^"\\]|\\.)*"|^`[^`]*`/.exec(text)?.[0]
  const key = quotedKey ?? text.slice(0, Math.max(0, text.indexOf('=')))
  if (key === '' || text[key.length] !== '=') return undefined
  return [unquote(key), unquote(text.slice(key.length + 1))]
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** A Go string literal's content; other text as it is. https://go.dev/ref/spec#String_literals */
function unquote(text: string): string {
  if (text.length < 2) return text
  if (text.startsWith('`') && text.endsWith('`')) return text.slice(1, -1)
  if (!(text.startsWith('"') && text.endsWith('"'))) return text
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x(?<byte>[0-9a-fA-F]{2})|u(?<short>[0-9a-fA-F]{4})|U(?<long>[0-9a-fA-F]{8})|(?<other>.))/g,
      (...match) => {
        const { byte, short, long, other } = match.at(-1) as Record<string, string | undefined>
        const digits = byte ?? short ?? long
        if (digits === undefined) return escapes[other ?? ''] ?? other ?? ''
        const code = Number.parseInt(digits, 16)
        return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
      },
    )
}
