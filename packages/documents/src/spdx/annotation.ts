import { valuesByName } from '../named-values.ts'
import type { Property } from '../package-properties.ts'
import { isObject, type Untrusted } from '../untrusted.ts'

/** An annotation of SPDX 2.3, clause 12. */
export interface Annotation {
  readonly annotationDate: string
  readonly annotationType: 'OTHER'
  readonly annotator: string
  readonly comment: string
}

const mark = 'lanner:properties '

/** SPDX has no properties: ours travel as JSON in the comment of one annotation of their element. */
export class Annotations {
  readonly #annotator: string
  readonly #date: string

  constructor(annotator: string, date: string) {
    this.#annotator = annotator
    this.#date = date
  }

  of(properties: readonly Property[]): Annotation {
    return {
      annotationDate: this.#date,
      annotationType: 'OTHER',
      annotator: this.#annotator,
      comment: mark + JSON.stringify(properties),
    }
  }
}

/** The properties among the comments of annotations; empty when there are none of ours. */
export function propertiesOfComments(comments: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const comment = comments.find((text) => text.startsWith(mark))
  if (!comment) return new Map()
  return valuesByName(parse(comment.slice(mark.length)))
}

function parse(text: string): readonly Untrusted[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter(isObject) : []
  } catch {
    return []
  }
}
