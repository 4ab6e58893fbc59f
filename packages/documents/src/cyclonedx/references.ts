/** The `bom-ref`s of a document: each given once. */
export class References {
  readonly #given = new Set<string>()

  unique(wanted: string): string {
    let reference = wanted
    for (let times = 2; this.#given.has(reference); times++) reference = `${wanted} (${times})`
    this.#given.add(reference)
    return reference
  }
}
