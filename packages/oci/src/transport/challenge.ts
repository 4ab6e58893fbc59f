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
const padding = /=*/y
const token68 = /[A-Za-z0-9\-._~+/]+=*/y

/** Reads all challenges of one header (several may share it, separated by commas). What cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  const text = header.slice(0, maxHeader)
  let at = 0
  const take = (shape: RegExp): string => {
    shape.lastIndex = at
    const found = shape.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const skipCommas = () => {
    take(space)
    while (text[at] === ',') {
      at++
      take(space)
    }
  }
  skipCommas()
  while (at < text.length && challenges.length < maxChallenges) {
    const scheme = take(token).toLowerCase()
    if (scheme === '') break
    const parameters = new Map<string, string>()
    challenges.push({ scheme, parameters })
    take(space)
    while (at < text.length) {
      skipCommas()
      const start = at
      const name = take(token).toLowerCase()
      take(space)
      if (name === '' || text[at] !== '=') {
        // A name without value is the next challenge's scheme, or a token68 such as Negotiate carries.
        at = start
        break
      }
      at++
      if (text[at] === '=' || text[at] === ',' || at === text.length) {
        take(padding) // it was a token68 that ends in =
        break
      }
      take(space)
      const value = text[at] === '"' ? quotedString() : take(token)
      if (value === undefined) return challenges
      if (!parameters.has(name)) parameters.set(name, value)
      take(space)
    }
    if (parameters.size === 0 && text[at] !== ',') {
      const before = at
      take(token68)
      take(space)
      // A lone word that a comma or the end does not follow is the next scheme, not a token68.
      if (at < text.length && text[at] !== ',') at = before
    }
    skipCommas()
  }
  return challenges

  function quotedString(): string | undefined {
    let value = ''
    for (at++; at < text.length; at++) {
      if (text[at] === '"') {
        at++
        return value
      }
      if (text[at] === '\\') at++
      value += text[at] ?? ''
    }
    return undefined
  }
}
