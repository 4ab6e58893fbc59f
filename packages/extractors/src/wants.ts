import type { Extractor } from './extractor.ts'

interface Pattern {
  readonly extractor: Extractor
  /** Absent where the index alone decides (a whole path, a whole basename). */
  readonly shape?: RegExp
  /** A part that the basename must hold, looked for before the expression is tried. */
  readonly literal?: string
}

const none: readonly Extractor[] = []

/** `*` is anything but a slash, `**` + `/` any folders or none. Linear: no two adjacent parts can match the same text twice. */
export function pathPattern(glob: string): RegExp {
  const source = glob
    .split('/')
    .map((part) =>
      part === '**' ? '**' : part.replace(/[\\^$.+?()|[\]{}]/g, '\\$&').replace(/\*+/g, '[^/]*'),
    )
    .join('/')
    .replace(/(?:\*\*\/)+/g, '(?:.*/)?')
    .replace(/\/?\*\*$/, '(?:/.*)?')
  return new RegExp(`^${source}$`, 's')
}

/**
 * One matcher for the path patterns of all extractors: a path is looked up by its whole text, its basename, its
 * extension and the first two characters of its basename, and only patterns found so are tried as expressions.
 */
export class WantedPaths {
  readonly #exact = new Map<string, Pattern[]>()
  readonly #basename = new Map<string, Pattern[]>()
  readonly #extension = new Map<string, Pattern[]>()
  readonly #prefix = new Map<string, Pattern[]>()
  readonly #others: Pattern[] = []

  constructor(extractors: readonly Extractor[]) {
    for (const extractor of extractors) {
      for (const glob of extractor.wants.paths ?? []) this.#add(extractor, glob)
    }
  }

  /** The extractors that want this path by its name, without duplicates, in registration order per index. */
  of(path: string): readonly Extractor[] {
    const base = path.slice(path.lastIndexOf('/') + 1)
    const dot = base.lastIndexOf('.')
    let found: Extractor[] | undefined
    found = collect(this.#exact.get(path), path, found)
    found = collect(this.#basename.get(base), path, found)
    if (dot >= 0) found = collect(this.#extension.get(base.slice(dot)), path, found)
    found = collect(this.#prefix.get(base.slice(0, 2)), path, found)
    if (this.#others.length > 0) found = collect(this.#others, path, found)
    return found ?? none
  }

  #add(extractor: Extractor, glob: string): void {
    const base = glob.slice(glob.lastIndexOf('/') + 1)
    const shape = pathPattern(glob)
    if (!glob.includes('*')) return add(this.#exact, glob, { extractor })
    if (!base.includes('*'))
      return add(this.#basename, base, glob === `**/${base}` ? { extractor } : { extractor, shape })
    const suffix = /\.[^.*]+$/.exec(base)?.[0]
    if (suffix) return add(this.#extension, suffix, { extractor, shape })
    const prefix = base.slice(0, base.indexOf('*'))
    if (prefix.length >= 2) return add(this.#prefix, prefix.slice(0, 2), { extractor, shape })
    const literal = base
      .split('*')
      .reduce((longest, part) => (part.length > longest.length ? part : longest), '')
    this.#others.push({ extractor, shape, literal })
  }
}

function add(index: Map<string, Pattern[]>, key: string, pattern: Pattern): void {
  const patterns = index.get(key)
  if (patterns) patterns.push(pattern)
  else index.set(key, [pattern])
}

function collect(
  patterns: readonly Pattern[] | undefined,
  path: string,
  found: Extractor[] | undefined,
): Extractor[] | undefined {
  if (patterns === undefined) return found
  for (const { extractor, shape, literal } of patterns) {
    if (literal !== undefined && !path.includes(literal)) continue
    if (shape !== undefined && !shape.test(path)) continue
    if (found === undefined) found = [extractor]
    else if (!found.includes(extractor)) found.push(extractor)
  }
  return found
}
