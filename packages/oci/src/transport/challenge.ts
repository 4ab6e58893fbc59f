/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

const maxHeader = 16 * 1024
const maxChallenges = 16

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const space = /[ \t]*/y
const commas = /[ \t,]*/y
const padding = /=*/y
const token68 = /[A-Za-z0-9\-._~+/]+=*/y

/** Reads all challenges of one header (several may share it, separated by commas). What cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  const cursor = new Cursor(header.slice(0, maxHeader))
  cursor.take(commas)
  while (challenges.length < maxChallenges) {
    const scheme = cursor.take(token).toLowerCase()
    if (scheme === '') break
    cursor.take(space)
    const parameters = readParameters(cursor)
    challenges.push({ scheme, parameters })
    if (parameters.size === 0) skipToken68(cursor)
    cursor.take(commas)
  }
  return challenges
}

function readParameters(cursor: Cursor): Map<string, string> {
  const parameters = new Map<string, string>()
  while (!cursor.done()) {
    cursor.take(commas)
    const start = cursor.at
    const name = cursor.take(token).toLowerCase()
    cursor.take(space)
    if (name === '' || cursor.next() !== '=') {
      // A name without value is the next challenge's scheme, or a token68 such as Negotiate carries.
      cursor.at = start
      break
    }
    cursor.at++
    if (cursor.done() || cursor.next() === '=' || cursor.next() === ',') {
      cursor.take(padding) // it was a token68 that ends in =
      break
    }
    cursor.take(space)
    const value = cursor.next() === '"' ? cursor.quoted() : cursor.take(token)
    if (value !== undefined && !parameters.has(name)) parameters.set(name, value)
    cursor.take(space)
  }
  return parameters
}

/** A lone word that neither a comma nor the end follows is the next scheme, not a token68. */
function skipToken68(cursor: Cursor): void {
  const start = cursor.at
  cursor.take(token68)
  cursor.take(space)
  if (!cursor.done() && cursor.next() !== ',') cursor.at = start
}

/** A place in a text, and what can be read from there. */
class Cursor {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  done(): boolean {
    return this.at >= this.#text.length
  }

  next(): string | undefined {
    return this.#text[this.at]
  }

  /** What the sticky shape matches here, which may be nothing. */
  take(shape: RegExp): string {
    shape.lastIndex = this.at
    const found = shape.exec(this.#text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  /** A quoted string (RFC 9110 section 5.6.4); undefined, at the end, when it is not closed. */
  quoted(): string | undefined {
    let value = ''
    for (this.at++; !this.done(); this.at++) {
      if (this.next() === '"') {
        this.at++
        return value
      }
      if (this.next() === '\\') this.at++
      value += this.next() ?? ''
    }
    return undefined
  }
}
