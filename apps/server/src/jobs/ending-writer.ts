import type { Clock } from '@lanner/oci'

/** Milliseconds between attempts while the database does not answer. */
const patience = [50, 100, 200, 400, 800, 1_000] as const

interface Waiting<Item> {
  readonly item: Item
  readonly settle: (written: boolean) => void
}

/**
 * Writes what ended: all that comes while one statement is under way goes with the next, so that many small jobs cost few
 * commits. What the database refuses because it is away is written when it is back.
 */
export class EndingWriter<Item extends { readonly id: string }> {
  readonly #write: (items: readonly Item[]) => Promise<ReadonlySet<string>>
  readonly #clock: Clock
  readonly #onTrouble: (error: unknown) => void
  readonly #onWritten: () => void
  readonly #stopping = new AbortController()
  #waiting: Waiting<Item>[] = []
  #writing = false

  constructor(options: {
    readonly write: (items: readonly Item[]) => Promise<ReadonlySet<string>>
    readonly clock: Clock
    readonly onTrouble: (error: unknown) => void
    readonly onWritten?: () => void
  }) {
    this.#write = options.write
    this.#clock = options.clock
    this.#onTrouble = options.onTrouble
    this.#onWritten = options.onWritten ?? (() => {})
  }

  /** Resolves once it is written: whether the job was still held. False, too, when the writer was given up before. */
  add(item: Item): Promise<boolean> {
    if (this.#stopping.signal.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiting.push({ item, settle: resolve })
      if (!this.#writing) void this.#drain()
    })
  }

  /** Nothing is tried any more; the leases of what was not written run out. */
  giveUp(): void {
    this.#stopping.abort()
  }

  async #drain(): Promise<void> {
    this.#writing = true
    // What ends in the same turn goes together.
    await Promise.resolve()
    for (let failures = 0; this.#waiting.length > 0; ) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const written = await this.#write(batch.map(({ item }) => item))
        for (const { item, settle } of batch) settle(written.has(item.id))
        this.#onWritten()
        failures = 0
      } catch (error) {
        this.#onTrouble(error)
        this.#waiting = [...batch, ...this.#waiting]
        const pause = patience[Math.min(failures++, patience.length - 1)]
        await this.#clock.wait(pause, this.#stopping.signal).catch(() => undefined)
      }
      if (!this.#stopping.signal.aborted) continue
      for (const { settle } of this.#waiting) settle(false)
      this.#waiting = []
    }
    this.#writing = false
  }
}
