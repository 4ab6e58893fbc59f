/** Everything that parts words: white space and the punctuation of ASCII. */
const between = /[\s!-/:-@[-`{-~]+/

/**
 * The words that `~` looks for. White space, punctuation, and the case of the letters a to z do not count; other letters
 * are compared as they are, so that a database finds the same whatever its language is.
 */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()).split(between))].filter(
    (word) => word !== '',
  )
}
