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
  /** '' for every version. */
  readonly version: string
  /** Of the images; none where they have names, or all are meant. */
  readonly digests: readonly string[]
}

/**
 * The words that stand, one document after the other. A later word on the same product puts an end to an earlier one; a
 * later one that spares nothing ends whatever spared any of the same, and none that is earlier is taken beside it.
 */
export class StandingWords {
  readonly #own: string
  /**
   * By vulnerability, package, version and digest, each as it is and as a star for any: whatever a word may be about is
   * found without walking over the others, of which a document may have thousands.
   */
  readonly #buckets = new Map<string, Set<Entry>>()
  readonly #standing = new Set<Entry>()
  /** Words of other documents that were put an end to. */
  readonly ended: StandingWord[] = []

  /** @param own the document that is being taken */
  constructor(own: string, others: readonly StandingWord[]) {
    this.#own = own
    for (const word of others) this.add(word)
  }

  /** Adds a word of another document as it stands. */
  add(word: StandingWord): void {
    this.#put(entryOf(word))
  }

  /** Takes a word, or gives the later one that stands against it. */
  take(word: StandingWord): StandingWord | undefined {
    const entry = entryOf(word)
    const ending = new Set<Entry>()
    for (const bucket of this.#near(entry))
      for (const other of bucket) {
        const same = other.key === entry.key
        const spared = spares(other.word.status)
        if (!same && spares(word.status) === spared) continue
        if (!imagesOverlap(word.image, other.word.image)) continue
        if (other.word.at > word.at) {
          if (same || !spared) return other.word
        } else if (same || spared) ending.add(other)
      }
    for (const other of ending) this.#end(other)
    this.#put(entry)
    return undefined
  }

  /** The words of the document that is being taken. */
  own(): readonly StandingWord[] {
    return [...this.#standing].map(({ word }) => word).filter(({ document }) => document === this.#own)
  }

  /** Whatever may be about the same package and image. */
  *#near({ word, identity, version, digests }: Entry): Generator<Set<Entry>> {
    for (const one of identity === '' ? ['*'] : [identity, ''])
      for (const two of version === '' ? ['*'] : [version, ''])
        for (const three of digests.length === 0 ? ['*'] : [...digests, '']) {
          const bucket = this.#buckets.get(`${word.vulnerability}\n${one}\n${two}\n${three}`)
          if (bucket) yield bucket
        }
  }

  *#keys({ word, identity, version, digests }: Entry): Generator<string> {
    for (const one of [identity, '*'])
      for (const two of [version, '*'])
        for (const three of [...(digests.length === 0 ? [''] : digests), '*'])
          yield `${word.vulnerability}\n${one}\n${two}\n${three}`
  }

  #put(entry: Entry): void {
    this.#standing.add(entry)
    for (const key of this.#keys(entry)) {
      const bucket = this.#buckets.get(key)
      if (bucket) bucket.add(entry)
      else this.#buckets.set(key, new Set([entry]))
    }
  }

  #end(entry: Entry): void {
    this.#standing.delete(entry)
    for (const key of this.#keys(entry)) this.#buckets.get(key)?.delete(entry)
    if (entry.word.document !== this.#own) this.ended.push(entry.word)
  }
}

function entryOf(word: StandingWord): Entry {
  const purl = parsePurl(word.package)
  return {
    word,
    key: wordUuid(word),
    identity: purl ? JSON.stringify([purl.type, purl.namespace, purl.name]) : word.package,
    version: purl?.version ?? '',
    digests: word.image?.digest ?? [],
  }
}

/** Whether two words may be about the same images. What cannot be told apart counts as the same. */
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
