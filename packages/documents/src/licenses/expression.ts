import { licenseExceptions, licenseIds, licenseSpellings } from './ids.ts'

const ids = new Map(licenseIds.map((id) => [id.toLowerCase(), id]))
const exceptions = new Map(licenseExceptions.map((id) => [id.toLowerCase(), id]))
/** Longer than any licence field that people wrote by hand. */
const mostTokens = 200

/** The SPDX id that a licence name stands for, where that is certain. Ids are compared without case, as SPDX says. */
export function licenseId(name: string): string | undefined {
  const key = name.trim().toLowerCase()
  return ids.get(key) ?? licenseSpellings.get(key)
}

/**
 * The text as a valid SPDX expression, ids in the list's spelling; undefined unless it is made of known ids, AND, OR,
 * WITH and brackets only. https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function licenseExpression(text: string): string | undefined {
  if (text.length > 4096) return undefined
  const tokens = text.match(/[()]|[^\s()]+/g) ?? []
  if (tokens.length === 0 || tokens.length > mostTokens) return undefined
  const words: string[] = []
  let open = 0
  let expectsOperand = true
  let mayTakeException = false
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    const word = token.toUpperCase()
    if (token === '(') {
      if (!expectsOperand) return undefined
      open++
    } else if (token === ')') {
      if (expectsOperand || --open < 0) return undefined
      mayTakeException = false
    } else if (word === 'AND' || word === 'OR') {
      if (expectsOperand) return undefined
      expectsOperand = true
      mayTakeException = false
      words.push(word)
      continue
    } else if (word === 'WITH') {
      const exception = exceptions.get(tokens[++index]?.toLowerCase() ?? '')
      if (!mayTakeException || !exception) return undefined
      mayTakeException = false
      words.push(word, exception)
      continue
    } else {
      const id = ids.get(token.toLowerCase())
      if (!expectsOperand || !id) return undefined
      expectsOperand = false
      mayTakeException = true
      words.push(id)
      continue
    }
    words.push(token)
  }
  if (open !== 0 || expectsOperand) return undefined
  return words.join(' ').replaceAll('( ', '(').replaceAll(' )', ')')
}

/** Whether an expression is more than one id, so that joining it with others needs brackets. */
export function isCompound(expression: string): boolean {
  return expression.includes(' ')
}
