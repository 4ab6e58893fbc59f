import { type ByteRange, MiB } from './extractor.ts'

/**
 * What a further reading of a layer must keep of one file, whose content went by before anybody knew that it would be
 * asked for. Plain JSON.
 */
export interface ReadingNeed {
  /** The file's own path in the layer. */
  readonly path: string
  /** Hard links to it whose names are wanted while its own is not: it is read under them as well. */
  readonly links: readonly string[]
  /** Stretches of a file too large to be retained whole, ascending and apart. */
  readonly ranges: readonly ByteRange[]
}

/** Kept on either side of a stretch: what lies near it is asked for next. */
const margin = MiB / 2
const maxRangeBytes = 16 * MiB

/** The needs that a reading was started with, and what comes up while it runs. */
export class ReadingNeeds {
  readonly #needs: Map<string, GrowingNeed>
  #grown = false

  constructor(needs: readonly ReadingNeed[]) {
    this.#needs = new Map(needs.map((need) => [need.path, { ...need, links: [...need.links] }]))
  }

  of(path: string): ReadingNeed | undefined {
    return this.#needs.get(path)
  }

  addLink(path: string, link: string): void {
    this.#known(path).links.push(link)
    this.#grown = true
  }

  /** Leaves out what this reading was to keep already, and what is more than one file may ask for. */
  addRange(path: string, { start, end }: ByteRange): void {
    const need = this.#known(path)
    const ranges = union([...need.ranges, { start: Math.max(0, start - margin), end: end + margin }])
    const length = lengthOf(ranges)
    if (length > maxRangeBytes || length === lengthOf(need.ranges)) return
    need.ranges = ranges
    this.#grown = true
  }

  /** All needs, old and new; none where nothing new came up. */
  due(): readonly ReadingNeed[] {
    return this.#grown ? [...this.#needs.values()] : []
  }

  #known(path: string): GrowingNeed {
    let need = this.#needs.get(path)
    if (!need) {
      need = { path, links: [], ranges: [] }
      this.#needs.set(path, need)
    }
    return need
  }
}

interface GrowingNeed extends ReadingNeed {
  readonly links: string[]
  ranges: readonly ByteRange[]
}

function union(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: ByteRange[] = []
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last && range.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else joined.push(range)
  }
  return joined
}

function lengthOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0)
}
