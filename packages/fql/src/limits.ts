/** How large and how deep a filter may be; beyond that it is `too-complex`. */
export const filterLimits = {
  /** Characters of a filter or a sort order. */
  length: 16 * 1024,
  /** Parentheses inside parentheses. */
  depth: 32,
  /** Different fields. */
  fields: 20,
  clauses: 256,
  /** Values of one list. */
  values: 1000,
  /** Stars in one value. */
  stars: 16,
} as const
