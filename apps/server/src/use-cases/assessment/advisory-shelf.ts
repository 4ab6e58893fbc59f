import { type AdvisoryStore, openStore, storeRevision } from '@lanner/advisories'
import type { AdvisoryReader } from '@lanner/matching'

/**
 * The advisories that this process judges by: the store in a folder, opened once and kept until another revision is taken
 * over. The file that is open stays as it is, whatever happens in the folder.
 */
export class AdvisoryShelf {
  readonly #folder: string
  #store: AdvisoryStore | undefined
  /** Kept open a while for whoever still reads it. */
  readonly #old: AdvisoryStore[] = []

  constructor(folder: string) {
    this.#folder = folder
  }

  get folder(): string {
    return this.#folder
  }

  /** Undefined while there is no store. */
  get reader(): AdvisoryReader | undefined {
    return this.#store
  }

  /** The revision that lies in the folder now; undefined where there is none. */
  get lying(): string | undefined {
    return storeRevision(this.#folder)
  }

  /** Opens what lies in the folder, unless that is open already. Says whether it is another one than before. */
  open(): boolean {
    const revision = this.lying
    if (revision === undefined || revision === this.#store?.revision) return false
    const next = openStore(this.#folder)
    if (this.#store) this.#old.push(this.#store)
    while (this.#old.length > 2) this.#old.shift()?.[Symbol.dispose]()
    this.#store = next
    return true
  }

  close(): void {
    for (const store of [...this.#old.splice(0), this.#store]) store?.[Symbol.dispose]()
    this.#store = undefined
  }
}
