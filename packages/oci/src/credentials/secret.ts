const shown = '[secret]'

/** A text that prints as `[secret]` wherever it ends up: messages, logs, JSON, `console.log`. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself; call it only where the text goes out on the wire. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.toPrimitive](): string {
    return shown
  }

  // What node:util's inspect looks for, spelled without importing it.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}
