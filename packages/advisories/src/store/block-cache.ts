/** The most recently used inflated blocks, by number; a Map remembers the order of insertion. */
export class BlockCache {
  readonly #blocks = new Map<number, Buffer>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(block: number): Buffer | undefined {
    const found = this.#blocks.get(block)
    if (found === undefined) return undefined
    this.#blocks.delete(block)
    this.#blocks.set(block, found)
    return found
  }

  set(block: number, content: Buffer): void {
    if (this.#blocks.size >= this.#capacity) {
      const oldest = this.#blocks.keys().next()
      if (!oldest.done) this.#blocks.delete(oldest.value)
    }
    this.#blocks.set(block, content)
  }
}
