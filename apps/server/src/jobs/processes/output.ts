/** Characters of a line, lines of a process that are passed on, and characters that are kept to find out why it ended. */
const maxLine = 500
const maxLines = 200
const maxKept = 8_000

/** What a process prints, within bounds. */
export class Output {
  readonly #onLine: (line: string) => void
  #line = ''
  #lines = 0
  #last = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  /** Its last words. */
  get last(): string {
    return this.#last
  }

  push(chunk: Buffer): void {
    const text = chunk.toString()
    this.#last = `${this.#last}${text}`.slice(-maxKept)
    if (this.#lines >= maxLines) return
    const [first, ...others] = text.split('\n')
    this.#line = `${this.#line}${first}`.slice(0, maxLine)
    for (const other of others) {
      this.end()
      this.#line = other.slice(0, maxLine)
    }
  }

  /** Passes on what is no whole line yet. */
  end(): void {
    const line = this.#line
    this.#line = ''
    if (line.trim() === '' || this.#lines >= maxLines) return
    this.#lines++
    this.#onLine(this.#lines === maxLines ? 'what it prints further is not passed on' : line)
  }
}
