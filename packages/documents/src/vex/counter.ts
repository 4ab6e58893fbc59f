import { DocumentFault } from '../document-fault.ts'
import { printable } from '../printable.ts'
import { field, textOf, type Untrusted } from '../untrusted.ts'
import { vexLimits } from './statement.ts'

/** Counts what is read of one document, up to the bounds. */
export class Counter {
  #products = 0

  /** The members of a list of statements, or of what stands for them. */
  statements(document: Untrusted, name: string): readonly unknown[] {
    const value = field(document, name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw new DocumentFault('malformed', `${name} of the document is no list`)
    if (value.length > vexLimits.statements)
      throw new DocumentFault(
        'limit-exceeded',
        `the document has ${value.length} statements; at most ${vexLimits.statements} are read`,
      )
    return value
  }

  /** So many products more. */
  products(count: number): void {
    this.#products += count
    if (this.#products > vexLimits.products)
      throw new DocumentFault(
        'limit-exceeded',
        `the document has more than ${vexLimits.products} products in its statements`,
      )
  }
}

/** A text that is kept and shown: cut, and without what would steer a terminal. */
export function sentence(value: unknown): string | undefined {
  const text = textOf(value)?.trim()
  return text ? printable(text, vexLimits.text) : undefined
}

/** The text that tells the document from others; without one it could not be replaced by its next version. */
export function documentId(value: string | undefined, member: string): string {
  if (value && value.length <= vexLimits.text) return printable(value, vexLimits.text)
  throw new DocumentFault(
    'malformed',
    value
      ? `the ${member} of the document is too long`
      : `the document has no ${member}, by which its next version would be known`,
  )
}
