import { databaseIsGone } from '../use-cases/job-queue.ts'

/** Tells once that the database is away, however many ask for it meanwhile, and once that it is back. */
export class Outage {
  readonly #onTrouble: (what: string, error: unknown) => void
  readonly #onBack: () => void
  #away = false

  constructor(options: {
    readonly onTrouble: (what: string, error: unknown) => void
    readonly onBack: () => void
  }) {
    this.#onTrouble = options.onTrouble
    this.#onBack = options.onBack
  }

  failed(what: string, error: unknown): void {
    if (databaseIsGone(error)) {
      if (this.#away) return
      this.#away = true
    }
    this.#onTrouble(what, error)
  }

  worked(): void {
    if (!this.#away) return
    this.#away = false
    this.#onBack()
  }
}
