import type { Extractor } from './extractor.ts'

interface Pattern {
  readonly extractor: Extractor
  /** What the path begins with, its basename begins and ends with, and it holds: tried before the expression is. */
  readonly root: string
  readonly beginning: string
  readonly ending: string
  readonly longest: string
  readonly shape: RegExp
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
 * One matcher for the path patterns of all extractors. A path is looked up by its last two characters and by the first two
 * of its basename: most paths of an image are told apart by those alone, and no text is cut out of any.
 */
export class WantedPaths {
  readonly #byEnding = new Map<number, Pattern[]>()
  readonly #byBeginning = new Map<number, Pattern[]>()
  readonly #others: Pattern[] = []

  constructor(extractors: readonly Extractor[]) {
    for (const extractor of extractors) {
      for (const glob of extractor.wants.paths ?? []) this.#add(extractor, glob)
    }
  }

  /** The extractors that want this path by its name, without duplicates. */
  of(path: string): readonly Extractor[] {
    const base = path.lastIndexOf('/') + 1
    let found = none
    const byEnding = this.#byEnding.get(pairAt(path, path.length - 2))
    if (byEnding) found = collect(byEnding, path, base, found)
    const byBeginning = this.#byBeginning.get(pairAt(path, base))
    if (byBeginning) found = collect(byBeginning, path, base, found)
    return collect(this.#others, path, base, found)
  }

  #add(extractor: Extractor, glob: string): void {
    const base = glob.slice(glob.lastIndexOf('/') + 1)
    const pattern = {
      extractor,
      root: before(glob, '*'),
      beginning: before(base, '*'),
      ending: base.slice(base.lastIndexOf('*') + 1),
      longest: base.split('*').reduce((most, part) => (part.length > most.length ? part : most)),
      shape: pathPattern(glob),
    }
    const { beginning, ending } = pattern
    if (ending.length >= 2) add(this.#byEnding, pairAt(ending, ending.length - 2), pattern)
    else if (beginning.length >= 2) add(this.#byBeginning, pairAt(beginning, 0), pattern)
    else this.#others.push(pattern)
  }
}

/** Two characters as one number. */
function pairAt(text: string, at: number): number {
  return at < 0 ? -1 : text.charCodeAt(at) * 0x1_0000 + text.charCodeAt(at + 1)
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark)
  return at < 0 ? text : text.slice(0, at)
}

function add(index: Map<number, Pattern[]>, key: number, pattern: Pattern): void {
  const patterns = index.get(key)
  if (patterns) patterns.push(pattern)
  else index.set(key, [pattern])
}

function collect(
  patterns: readonly Pattern[],
  path: string,
  base: number,
  found: readonly Extractor[],
): readonly Extractor[] {
  for (const { extractor, root, beginning, ending, longest, shape } of patterns) {
    if (!path.startsWith(beginning, base) || !path.endsWith(ending) || !path.startsWith(root)) continue
    if (!path.includes(longest, base)) continue
    if (shape.test(path) && !found.includes(extractor)) found = [...found, extractor]
  }
  return found
}
