const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** How the cache was of use. */
export type CacheUse = 'hit' | 'miss' | 'last-known'

/** What the webhook tells Prometheus: a handful of counters, written by hand in its text format. */
export class AdmissionMetrics {
  readonly #reviews = new Map<string, number>()
  readonly #images = new Map<string, number>()
  readonly #cache = new Map<string, number>()
  readonly #refused = new Map<string, number>()
  readonly #within: number[] = buckets.map(() => 0)
  #count = 0
  #sum = 0

  /** A review was answered. */
  reviewed(decision: string, seconds: number): void {
    add(this.#reviews, decision)
    this.#count++
    this.#sum += seconds
    for (const [index, bound] of buckets.entries()) if (seconds <= bound) this.#within[index]!++
  }

  judged(outcome: string): void {
    add(this.#images, outcome)
  }

  asked(use: CacheUse): void {
    add(this.#cache, use)
  }

  /** A request was no review. */
  refused(status: number): void {
    add(this.#refused, String(status))
  }

  /** https://prometheus.io/docs/instrumenting/exposition_formats/ */
  print(): string {
    return [
      ...counter('reviews_total', 'Reviews by decision', 'decision', this.#reviews),
      ...counter('images_total', 'Images of reviews by what became of them', 'outcome', this.#images),
      ...counter('verdicts_total', 'Verdicts by where they came from', 'cache', this.#cache),
      ...counter('refused_requests_total', 'Requests that were no review', 'status', this.#refused),
      '# HELP lanner_admission_review_seconds Time from the whole request to its answer',
      '# TYPE lanner_admission_review_seconds histogram',
      ...buckets.map(
        (bound, index) => `lanner_admission_review_seconds_bucket{le="${bound}"} ${this.#within[index]}`,
      ),
      `lanner_admission_review_seconds_bucket{le="+Inf"} ${this.#count}`,
      `lanner_admission_review_seconds_sum ${this.#sum}`,
      `lanner_admission_review_seconds_count ${this.#count}`,
      '',
    ].join('\n')
  }
}

function add(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

/** The values are words of ours, so none has to be escaped. */
function counter(
  name: string,
  help: string,
  label: string,
  counts: ReadonlyMap<string, number>,
): readonly string[] {
  return [
    `# HELP lanner_admission_${name} ${help}`,
    `# TYPE lanner_admission_${name} counter`,
    ...[...counts].map(([value, count]) => `lanner_admission_${name}{${label}="${value}"} ${count}`),
  ]
}
