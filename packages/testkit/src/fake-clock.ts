/** A clock that stands still but for the waits it is asked for, which pass at once. */
export class FakeClock {
  /** Milliseconds of each wait, in order. */
  readonly waits: number[] = []
  #now: number

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  readonly now = (): number => this.#now

  readonly wait = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    this.waits.push(milliseconds)
    this.#now += milliseconds
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}
