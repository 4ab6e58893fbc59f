import type { Comparison, FieldFacts, Scalar } from '@lanner/fql'
import type { Column } from './columns.ts'

/** The words of a field that lie above or below one of them. */
export function wordsThatCompare(
  { operator, value }: Extract<Comparison, { kind: 'compare' }>,
  { words = [] }: FieldFacts,
): readonly string[] {
  const pivot = words.indexOf(String(value))
  return words.filter((_, index) => {
    if (index === pivot) return operator === '>=' || operator === '<='
    return operator === '>' || operator === '>=' ? index > pivot : index < pivot
  })
}

/** The numbers that a rank column has for words. */
export function numbersOfWords(
  words: readonly Scalar[],
  ranks: NonNullable<Column['ranks']>,
  facts: FieldFacts,
): readonly number[] {
  return words.map((word) => {
    const number = ranks === 'index' ? facts.words?.indexOf(String(word)) : ranks[String(word)]
    if (number === undefined || number < 0) throw new TypeError(`the word ${word} has no rank`)
    return number
  })
}
