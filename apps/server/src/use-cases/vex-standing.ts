import { createHash } from 'node:crypto'
import type { VexStatus } from '@lanner/documents'
import { parsePurl } from '@lanner/model'
import type { VexImageScope } from '../db/tables/policy.ts'

/** What was said of one vulnerability in one product, by whom and when. */
export interface StandingWord {
  /** Of the document. */
  readonly document: string
  readonly vulnerability: string
  readonly image: VexImageScope | null
  /** Package URL; '' for every package. */
  readonly package: string
  readonly status: VexStatus
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Whether a status takes a vulnerability away. */
export function spares(status: VexStatus): status is 'not_affected' | 'fixed' {
  return status === 'not_affected' || status === 'fixed'
}

/** A UUID that follows from texts alone. RFC 9562 section 5.8. */
export function uuidOf(...parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** What tells one word on a product from another's: vulnerability, images, package. */
export function wordUuid({
  vulnerability,
  image,
  package: pack,
}: Pick<StandingWord, 'vulnerability' | 'image' | 'package'>): string {
  return uuidOf(vulnerability, image && sortedScope(image), pack)
}

/** The members of a scope in one order. */
export function sortedScope({ digest, registry, repository, tag }: VexImageScope): readonly unknown[] {
  return [digest, registry, repository, tag].map((list) => (list ? [...list].sort() : null))
}

interface Entry {
  readonly word: StandingWord
  readonly key: string
  /** Type, namespace and name of the package; '' for every package. */
  readonly identity: string
  readonly version: string | undefined
}

/**
 * The words that stand, one document after the other. A later word on the same product puts an end to an earlier one; a
 * later one that spares nothing ends whatever spared any of the same, and none that is earlier is taken beside it.
 */
export class StandingWords {
  readonly #own: string
  /** By vulnerability, then by identity of the package. */
  readonly #entries = new Map<string, Map<string, Set<Entry>>>()
  /** Words of other documents that were put an end to. */
  readonly ended: StandingWord[] = []

  /** @param own the document that is being taken */
  constructor(own: string, others: readonly StandingWord[]) {
    this.#own = own
    for (const word of others) this.#put(entryOf(word))
  }

  /** Takes a word, or gives the later one that stands against it. */
  take(word: StandingWord): StandingWord | undefined {
    const entry = entryOf(word)
    const about = this.#about(entry)
    const against = about.find(
      (other) =>
        other.word.at > word.at &&
        (isSame(other, entry) || (spares(word.status) && !spares(other.word.status))),
    )
    if (against) return against.word
    for (const other of about)
      if (isSame(other, entry) || (!spares(word.status) && spares(other.word.status))) this.#end(other)
    this.#put(entry)
    return undefined
  }

  /** The words of the document that is being taken. */
  own(): readonly StandingWord[] {
    return [...this.#entries.values()].flatMap((groups) =>
      [...groups.values()].flatMap((entries) =>
        [...entries].map(({ word }) => word).filter(({ document }) => document === this.#own),
      ),
    )
  }

  #about(entry: Entry): readonly Entry[] {
    const groups = this.#entries.get(entry.word.vulnerability)
    if (!groups) return []
    const near =
      entry.identity === '' ? [...groups.values()] : [groups.get(entry.identity) ?? [], groups.get('') ?? []]
    return near.flatMap((entries) => [...entries].filter((other) => overlaps(entry, other)))
  }

  #put(entry: Entry): void {
    const groups = this.#entries.get(entry.word.vulnerability) ?? new Map<string, Set<Entry>>()
    this.#entries.set(entry.word.vulnerability, groups)
    const entries = groups.get(entry.identity) ?? new Set<Entry>()
    groups.set(entry.identity, entries)
    entries.add(entry)
  }

  #end(entry: Entry): void {
    this.#entries.get(entry.word.vulnerability)?.get(entry.identity)?.delete(entry)
    if (entry.word.document !== this.#own) this.ended.push(entry.word)
  }
}

function entryOf(word: StandingWord): Entry {
  const purl = parsePurl(word.package)
  return {
    word,
    key: wordUuid(word),
    identity: purl ? JSON.stringify([purl.type, purl.namespace, purl.name]) : word.package,
    version: purl?.version,
  }
}

function isSame(one: Entry, other: Entry): boolean {
  return one.key === other.key
}

/** Whether two words may be about the same thing. What cannot be told apart counts as the same. */
function overlaps(one: Entry, other: Entry): boolean {
  const versions = one.version === undefined || other.version === undefined || one.version === other.version
  return versions && imagesOverlap(one.word.image, other.word.image)
}

function imagesOverlap(one: VexImageScope | null, other: VexImageScope | null): boolean {
  if (!one || !other) return true
  if (one.digest && other.digest) return one.digest.some((digest) => other.digest?.includes(digest))
  // Whether an image has a name cannot be told by its digest.
  if (one.digest || other.digest) return true
  return (['registry', 'repository', 'tag'] as const).every((member) => {
    const [a, b] = [one[member], other[member]]
    return !a || !b || a.some((text) => b.includes(text))
  })
}
