/** The `bom-ref`s of a document: each given once. */
export class References {
  readonly #given = new Set<string>()
  readonly #times = new Map<string, number>()

  unique(wanted: string): string {
    let reference = wanted
    let times = this.#times.get(wanted) ?? 1
    while (this.#given.has(reference)) reference = `${wanted} (${++times})`
    this.#times.set(wanted, times)
    this.#given.add(reference)
    return reference
  }
}
