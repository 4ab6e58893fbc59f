import type { ImagePolicyFacts } from './facts.ts'
import type { PolicyAction } from './rule.ts'

/** What policies say of an image, and which; null: none says anything, as of an image that is not assessed. */
export interface Outcome {
  readonly action: PolicyAction | null
  readonly policy: string | null
}

/** An image as a preview names it. */
export type PreviewedImage = Pick<
  ImagePolicyFacts,
  'registry' | 'repository' | 'tag' | 'digest' | 'architecture'
>

/** An image whose verdict a change would turn. */
export interface Flip {
  readonly image: PreviewedImage
  readonly before: Outcome
  readonly after: Outcome
}

/** How many images would come from one action to another through one policy: the one that would decide then. */
export interface PolicyFlips {
  readonly policy: string | null
  readonly from: Outcome['action']
  readonly to: Outcome['action']
  readonly images: number
}

/** What a change of policies, exclusions or order would do to many images. */
export interface Preview {
  readonly images: number
  /** Of these: not assessed, and no policy says anything of them before or after. */
  readonly undecided: number
  readonly denied: { readonly before: number; readonly after: number }
  /** Images whose action would be another. */
  readonly flipped: number
  /** Up to the bound that was asked for, those that would be denied first, then by name. */
  readonly flips: readonly Flip[]
  /** The most images first. */
  readonly byPolicy: readonly PolicyFlips[]
  /** Indexes of the proposed exclusions that cover nothing of any image. */
  readonly exclusionsUnmatched: readonly number[]
}

/** Counts what becomes of images; takes no more room the more there are. */
export class PreviewTally {
  #images = 0
  #undecided = 0
  #flipped = 0
  readonly #denied = { before: 0, after: 0 }
  readonly #most: number
  readonly #toDenied: Flip[] = []
  readonly #others: Flip[] = []
  readonly #byPolicy = new Map<string, { -readonly [Member in keyof PolicyFlips]: PolicyFlips[Member] }>()
  readonly #unmatched: Set<number>
  #covering: ReadonlySet<number> | undefined

  constructor(exclusions: number, most: number) {
    this.#most = most
    this.#unmatched = new Set(Array(exclusions).keys())
  }

  count(
    image: PreviewedImage,
    {
      before,
      after,
      covering,
    }: { readonly before: Outcome; readonly after: Outcome; readonly covering: ReadonlySet<number> },
  ): void {
    this.#images++
    if (before.action === null && after.action === null) this.#undecided++
    if (before.action === 'block') this.#denied.before++
    if (after.action === 'block') this.#denied.after++
    if (covering !== this.#covering) {
      for (const index of covering) this.#unmatched.delete(index)
      this.#covering = covering
    }
    if (before.action === after.action) return
    this.#flipped++
    const { registry, repository, tag, digest, architecture } = image
    const named = { registry, repository, tag, digest, ...(architecture ? { architecture } : {}) }
    const list = after.action === 'block' ? this.#toDenied : this.#others
    list.push({ image: named, before, after })
    if (list.length >= 2 * this.#most) this.#shorten(list)
    const key = JSON.stringify([after.policy, before.action, after.action])
    const known = this.#byPolicy.get(key)
    if (known) known.images++
    else this.#byPolicy.set(key, { policy: after.policy, from: before.action, to: after.action, images: 1 })
  }

  result(): Preview {
    for (const list of [this.#toDenied, this.#others]) this.#shorten(list)
    return {
      images: this.#images,
      undecided: this.#undecided,
      denied: { ...this.#denied },
      flipped: this.#flipped,
      flips: [...this.#toDenied, ...this.#others].slice(0, this.#most),
      byPolicy: [...this.#byPolicy.values()].sort(byImages),
      exclusionsUnmatched: [...this.#unmatched],
    }
  }

  /** Leaves the first by name, whichever came first. */
  #shorten(list: Flip[]): void {
    list.sort(byName).splice(this.#most)
  }
}

function byName({ image: a }: Flip, { image: b }: Flip): number {
  const [one, other] = [a, b].map(({ registry, repository, tag, digest }) =>
    [registry, repository, tag, digest].join('\n'),
  ) as [string, string]
  return one < other ? -1 : one > other ? 1 : 0
}

function byImages(a: PolicyFlips, b: PolicyFlips): number {
  return b.images - a.images || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
}
