import type { ImageVerdict } from '@lanner/admission'

/** Seconds for which an image that does not pass is not asked about again: whoever mends it wants to see it. */
const shortly = 2
const mostVerdicts = 10_000

interface Kept {
  readonly verdict: ImageVerdict
  readonly at: number
  /** Until when nobody is asked. */
  readonly freshUntil: number
  /** Until when it stands in for an answer that cannot be had. */
  readonly standsUntil: number
}

/** Remembers what was said of images, by the name that was asked for; times in milliseconds. */
export class VerdictCache {
  readonly #kept = new Map<string, Kept>()
  readonly #lifetime: number
  readonly #clock: () => number
  readonly #most: number

  constructor(options: {
    readonly seconds: number
    readonly clock: () => number
    readonly most?: number
  }) {
    this.#lifetime = options.seconds * 1000
    this.#clock = options.clock
    this.#most = options.most ?? mostVerdicts
  }

  get size(): number {
    return this.#kept.size
  }

  /** What needs not be asked again yet. */
  fresh(name: string): ImageVerdict | undefined {
    const kept = this.#kept.get(name)
    return kept && this.#clock() < kept.freshUntil ? kept.verdict : undefined
  }

  /** What was last said of an assessed image, where nothing can be asked now, and how many seconds ago. */
  lastKnown(name: string): { readonly verdict: ImageVerdict; readonly age: number } | undefined {
    const kept = this.#kept.get(name)
    const now = this.#clock()
    if (!kept || now >= kept.standsUntil) return undefined
    return { verdict: kept.verdict, age: Math.round((now - kept.at) / 1000) }
  }

  keep(name: string, verdict: ImageVerdict): void {
    const { state, action, validUntil = Number.POSITIVE_INFINITY } = verdict
    const at = this.#clock()
    const assessed = (state === 'assessed' || state === 'partially') && action !== undefined
    const passes = assessed && action !== 'block'
    const freshFor = passes ? this.#lifetime : Math.min(this.#lifetime, shortly * 1000)
    // The last one kept is the last one to go.
    this.#kept.delete(name)
    this.#kept.set(name, {
      verdict,
      at,
      freshUntil: Math.min(at + freshFor, validUntil),
      standsUntil: assessed ? Math.min(at + this.#lifetime, validUntil) : at,
    })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break
      this.#kept.delete(oldest)
    }
  }
}
